import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import type { PlanTask } from './plan.ts'
import { context, plan, problemsOf, shown, task } from './plan-context.fixture.ts'
import { validatePlan } from './validate-plan.ts'

const { limits } = context()

describe('whatever it is given', () => {
  test('it answers, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withBigInt: true, withMap: true, withDate: true, withNullPrototype: true }), planLike()),
        (value) => {
          const { problems, warnings } = validatePlan(value, context())
          for (const { message } of [...problems, ...warnings]) expect(message.length).toBeGreaterThan(20)
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each<[string, unknown]>([
    ['a value that is deeper than a stack', nestedTo(200_000)],
    [
      'a getter that throws',
      {
        get goal(): never {
          throw new Error('no')
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
    ],
    ['an input that contains itself', plan(task('a', { tool: 'search', input: looped() }))],
  ])('%s is malformed', (_, value) => {
    expect(shown(problemsOf(value))).toEqual(['malformed'])
  })

  /** Looked at anew from each of its signs, or for each of its parts, any of these takes minutes. */
  test.each<[string, unknown]>([
    ['a line of dots', plan(task('a', { description: `${'.'.repeat(250_000)}a` }))],
    ['brackets and quotes that nobody closes', plan(...numbered(2_000, () => ({ description: '('.repeat(2_000) })))],
    ['references under a key as long as a plan', plan(task('b'), task('a', { tool: 'search', input: underLongKey() }))],
    ['a path through the parts of a task that waits for many', manyWaits()],
    ['fields that nobody knows', { goal: 'g', tasks: [{ ...task('a'), ...strangers(200_000) }] }],
  ])('%s: is looked at once', (_, value) => {
    const wide = context({ limits: { ...limits, maxTasks: 100_000 } })
    expect(validatePlan(value, wide)).toBeDefined()
  })

  test('a chain of parents and a cycle of 10,000 tasks are no deeper than others', () => {
    const wide = context({ limits: { ...limits, maxTasks: 100_000 } })
    const ids = Array.from({ length: 10_000 }, (_, index) => `t${index}`)
    expect(shown(problemsOf(plan(task('t0'), ...chain(ids)), wide))).toEqual(['too_deep t4'])
    const circle = ids.map((id, index) => task(id, { dependsOn: [ids[(index + 1) % ids.length] ?? ''] }))
    expect(problemsOf(plan(...circle), wide).map(({ code, tasks }) => [code, tasks.length])).toEqual([
      ['cycle', 10_001],
    ])
  })
})

/** Values with the fields of a plan, most of them wrong. */
function planLike(): fc.Arbitrary<unknown> {
  const id = fc.constantFrom('a', 'b', 'c', '$item', '__proto__', '')
  const any = fc.oneof(
    fc.jsonValue(),
    fc.record({ $from: id, path: fc.constantFrom('', '/x', 'x', '/~2') }, { requiredKeys: [] }),
  )
  const fields = {
    id,
    name: fc.string(),
    dependsOn: fc.array(id),
    parent: id,
    tool: fc.constantFrom('search', 'x'),
    input: any,
    forEach: any,
    accept: any,
    tools: fc.array(fc.string()),
    criticalPath: any,
  }
  return fc.record(
    { goal: fc.string(), tasks: fc.array(fc.record(fields, { requiredKeys: ['id', 'name'] })), criticalPath: any },
    { requiredKeys: ['tasks'] },
  )
}

function nestedTo(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

function looped(): Json {
  const list: Json[] = []
  list.push(list)
  return list
}

function numbered(count: number, fields: (index: number) => Partial<PlanTask>): readonly PlanTask[] {
  return Array.from({ length: count }, (_, index) => task(`t${index}`, fields(index)))
}

function underLongKey(): Json {
  return { ['k'.repeat(100_000)]: Array.from({ length: 10_000 }, () => ({ $from: 'b' })) }
}

function manyWaits(): unknown {
  const before = numbered(5_000, () => ({}))
  const group = task('group', { dependsOn: before.map(({ id }) => id) })
  const parts = Array.from({ length: 5_000 }, (_, index) =>
    task(`p${index}`, { parent: 'group', dependsOn: index === 0 ? [] : [`p${index - 1}`] }),
  )
  return { ...plan(...before, group, ...parts), criticalPath: ['t0', ...parts.map(({ id }) => id)] }
}

function strangers(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`dependsOn${index}`, 1]))
}

/** Each the parent of the next. */
function chain(ids: readonly string[]): readonly PlanTask[] {
  return ids.slice(1).map((id, index) => task(id, { parent: ids[index] ?? '' }))
}
