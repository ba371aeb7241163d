/** A plan looked at before it runs: how long, and whether a plan ten times as long takes ten times as long. */
import { type Json, type PlanContext, type PlanTask, type ProposedPlan, validatePlan } from 'pawl/core'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'

const FEW = 1_000
const MANY = 10_000

export const validatePlans: Benchmark = async (size) => {
  const kinds = { sound: soundPlan, defective: defectivePlan }
  const findings: Finding[] = []
  for (const [kind, planOf] of Object.entries(kinds)) {
    const few = planOf(FEW)
    const many = planOf(MANY)
    const rounds: { readonly few: number; readonly many: number }[] = []
    // Warms up, and is not counted: a process that plans has been at work.
    for (let round = 0; round < 5; round += 1) timeOf(few)
    for (let round = 0; round < (size === 'small' ? 7 : 31); round += 1) {
      // As many tasks on either side.
      const each = Array.from({ length: MANY / FEW }, () => timeOf(few))
      rounds.push({ few: median(each), many: timeOf(many) / (MANY / FEW) })
    }
    findings.push(...findingsOf(kind, rounds))
  }
  return findings
}

function findingsOf(kind: string, rounds: readonly { readonly few: number; readonly many: number }[]): Finding[] {
  const few = median(rounds.map((round) => round.few))
  const many = median(rounds.map((round) => round.many))
  const ratio = median(rounds.map((round) => round.many / round.few))
  const note = `median of ${rounds.length} rounds; ${shown(few)} ms for ${shown(FEW)} tasks alone`
  return [
    { name: `ms per 1,000 tasks of a ${kind} plan of 10,000`, unit: 'ms', value: many, goal: atMost(50), note },
    {
      name: `a task of a ${kind} plan of 10,000 against one of 1,000`,
      unit: 'x',
      value: ratio,
      goal: atMost(1.5),
      note: `${shown(many * 10)} against ${shown(few)} ms in all`,
    },
  ]
}

function timeOf(plan: Json): number {
  const before = performance.now()
  validatePlan(plan, context)
  return performance.now() - before
}

const context: PlanContext = {
  mode: 'strict',
  tools: new Map([['fetch', { effect: 'read', checkInput: () => [] }]]),
  specialists: new Map([['writer', { tools: new Set(['fetch']) }]]),
  checkers: new Set(),
  limits: { maxTasks: MANY, maxSteps: 50, maxDepth: 4, eventsLeft: null },
}

/** Layers of 100: each task waits for three of the layer above, and uses the result of one of them. Every tenth is for a loop. */
function soundPlan(count: number): Json {
  const tasks = Array.from({ length: count }, (_, index): PlanTask => {
    const above = index < 100 ? [] : [index - 100, index - 99, index - 57].filter((at) => at < index - (index % 100))
    const dependsOn = above.map((at) => `task_${at}`)
    const [source] = dependsOn
    const common = {
      id: `task_${index}`,
      name: `Fetch the rows of region ${index}`,
      dependsOn,
      expectedMs: 100 + (index % 7),
    }
    if (index % 10 === 0)
      return {
        ...common,
        specialist: 'writer',
        tools: ['fetch'],
        description: 'Say in two sentences what the rows have in common.',
      }
    const rows = source === undefined ? [index] : { $from: source, path: '/rows/0' }
    return {
      ...common,
      tool: 'fetch',
      input: { url: `https://example.com/rows?page=${index}`, limit: 100, filter: { rows } },
    }
  })
  return asJson({ goal: 'All rows in one table', tasks })
}

/** One long cycle, and in every task a name that is off by a letter: what takes longest to put into words. */
function defectivePlan(count: number): Json {
  const tasks = Array.from({ length: count }, (_, index): PlanTask => {
    const before = `task_${(index + count - 1) % count}`
    const input = { rows: { $from: `task-${index}x` } }
    return {
      id: `task_${index}`,
      name: 'Fetch',
      dependsOn: [before, `tsak_${index}`],
      tool: index % 2 === 0 ? 'fetch' : 'fetsh',
      input,
    }
  })
  return asJson({ goal: 'All rows in one table', tasks })
}

/** As it comes from a model or a file. */
function asJson(plan: ProposedPlan): Json {
  return JSON.parse(JSON.stringify(plan)) as Json
}
