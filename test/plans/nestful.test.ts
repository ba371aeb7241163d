/** Real input: the 300 plans of NESTFUL, each refused for what is wrong with it, or let through. */
import { type PlanContext, type PlanProblem, planGraph, validatePlan } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { convert, fileOf, type NestfulPlan, nestful, parametersOf, type Reading, toolsOf } from './nestful.ts'

const real = nestful()

describe.skipIf(real === null)('real input: NESTFUL', () => {
  const { plans, files }: NonNullable<typeof real> = real ?? { plans: [], files: new Map() }
  const sound = plans.filter(({ issues }) => issues.length === 0)

  test('real input: NESTFUL: one file has 70 tools under 64 names, and those of one name ask for the same', () => {
    const specifications = files.get('non-executable-glaive') ?? []
    const byName = new Map(specifications.map((each) => [each.name, parametersOf(each)]))
    expect([specifications.length, byName.size]).toEqual([70, 64])
    for (const each of specifications) expect(shapeOf(parametersOf(each))).toEqual(shapeOf(byName.get(each.name) ?? {}))
  })

  test('real input: NESTFUL: each of the 14 defective plans is refused for what its label says', () => {
    const defective = plans.filter(({ issues }) => issues.length > 0)
    expect(defective).toHaveLength(14)
    for (const plan of defective) {
      const found = problemsOf(plan, 'containers').filter(({ code }) => code !== 'invalid_input')
      expect(found.map(labelOf).sort(), plan.id).toEqual([...plan.issues].sort())
    }
  })

  test('real input: NESTFUL: 54 plans have inputs that break the specification of their tool, and nothing else', () => {
    const refused = sound.filter((plan) => problemsOf(plan, 'containers').length > 0)
    const problems = refused.flatMap((plan) => problemsOf(plan, 'containers'))
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['invalid_input']))
    const says = (text: RegExp) =>
      refused.filter((plan) => problemsOf(plan, 'containers').some(({ message }) => text.test(message)))
    expect(says(/is missing/)).toHaveLength(20)
    expect(says(/is not a known field/)).toHaveLength(33)
    expect(says(/must be/)).toHaveLength(12)
    expect(refused).toHaveLength(54)
    expect(sound.length - refused.length).toBe(232)
  })

  test('real input: NESTFUL: where every scalar has to have its type, 18 more break it', () => {
    const refused = sound.filter((plan) => problemsOf(plan, 'all').length > 0)
    expect(refused).toHaveLength(72)
    expect(new Set(refused.flatMap((plan) => problemsOf(plan, 'all')).map(({ code }) => code))).toEqual(
      new Set(['invalid_input']),
    )
  })

  test('real input: NESTFUL: what references cannot express are calculations, texts around a value, and no references at all', () => {
    const texts = sound.flatMap((plan) => convert(plan).inexpressible.map((text) => text))
    const plansWithThem = sound.filter((plan) => convert(plan).inexpressible.length > 0)
    expect(plansWithThem).toHaveLength(16)
    expect(texts).toEqual([
      '5 * $var1.Exchange Rate$',
      '10 * $var1.Exchange Rate$',
      '100 * $var1.Exchange Rate$',
      '2 * $var1.Exchange Rate$',
      '3 * $var1.Ask Price$',
      '100 * $var1.Exchange Rate$',
      // A reference that lost its "$".
      'var1.product_id$',
      '$var1.localtime$ - $var2.localtime$',
      'Meeting ID: $var1.event_id$',
      'Here are some nearby Mexican restaurants: $var1.restaurants$',
      'Attend meeting $var1.meeting_id$ with John, Sarah, and Mike',
      'My GPA is: $var1.gpa$',
      '$var1.shipping_cost$ + $var2.tip_amount$',
      // Prices.
      '$100-$200',
      '$500-$1000',
      '$100-$500',
    ])
  })

  test('real input: NESTFUL: every sound plan has the levels and the width that its author counted', () => {
    const differs = sound.filter((plan) => {
      const levels = levelsOf(plan)
      return levels.length !== plan.levels || Math.max(...levels) !== plan.width
    })
    expect(differs.map(({ id }) => id)).toEqual([])
  })

  function problemsOf(plan: NestfulPlan, reading: Reading): readonly PlanProblem[] {
    return validatePlan(convert(plan).plan, contextOf(plan, reading)).problems
  }

  const contexts = new Map<string, PlanContext>()

  function contextOf(plan: NestfulPlan, reading: Reading): PlanContext {
    const key = `${fileOf(plan)} ${reading}`
    const context = contexts.get(key) ?? {
      mode: 'strict' as const,
      tools: toolsOf(files.get(fileOf(plan)) ?? [], reading),
      specialists: new Map(),
      checkers: new Set<string>(),
      limits: { maxTasks: 10_000, maxSteps: 50, maxDepth: 4, eventsLeft: null },
    }
    contexts.set(key, context)
    return context
  }
})

/** As the labels of the plans are written. */
function labelOf({ code, tasks, message }: PlanProblem): string {
  if (code === 'duplicate_id') return `label twice: ${tasks.join()}`
  if (code === 'unknown_tool') return `tool not in spec: ${/the tool "([^"]*)"/.exec(message)?.[1]}`
  return code
}

function shapeOf(parameters: ReturnType<typeof parametersOf>): unknown {
  return Object.entries(parameters).map(([name, { type, required }]) => [name, type, required])
}

/** Tasks on each level: one more than the highest of what they wait for. */
function levelsOf(plan: NestfulPlan): readonly number[] {
  const { order, dependencies } = planGraph(convert(plan).plan.tasks)
  const levels = new Map<string, number>()
  for (const id of order)
    levels.set(id, Math.max(-1, ...(dependencies.get(id) ?? []).map((before) => levels.get(before) ?? -1)) + 1)
  const counts: number[] = []
  for (const level of levels.values()) counts[level] = (counts[level] ?? 0) + 1
  return counts
}
