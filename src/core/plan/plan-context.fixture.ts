/** What plans are looked at against in tests: three tools, one specialist, one checker. */
import type { Json } from '../json.ts'
import type { PlanProblem, PlanTask, ProposedPlan } from './plan.ts'
import type { InputProblem, PlanContext, PlanTool } from './plan-context.ts'
import { isJsonObject } from './same-json.ts'
import { validatePlan } from './validate-plan.ts'

export function context(changes: Partial<PlanContext> = {}): PlanContext {
  return {
    mode: 'strict',
    tools: new Map<string, PlanTool>([
      ['search', { effect: 'read', checkInput: checkSearch }],
      ['send_mail', { effect: 'unsafe', checkInput: () => [] }],
      ['write_file', { effect: 'idempotent', checkInput: () => [] }],
    ]),
    specialists: new Map([['reader', { tools: new Set(['search']) }]]),
    checkers: new Set(['is_table']),
    limits: { maxTasks: 100, maxSteps: 50, maxDepth: 4, eventsLeft: null },
    ...changes,
  }
}

/** `{ query: string, limit?: number }`, and nothing else. */
function checkSearch(input: Json): readonly InputProblem[] {
  if (!isJsonObject(input)) return [{ path: [], message: 'must be an object' }]
  const { query, limit } = input
  const problems: InputProblem[] = []
  if (query === undefined) problems.push({ path: ['query'], message: 'is missing' })
  else if (typeof query !== 'string') problems.push({ path: ['query'], message: 'must be string' })
  if (limit !== undefined && typeof limit !== 'number') problems.push({ path: ['limit'], message: 'must be number' })
  for (const key of Object.keys(input))
    if (key !== 'query' && key !== 'limit')
      problems.push({ path: [key], message: 'is not a known field', isUnknownField: true })
  return problems
}

export function task(id: string, fields: Partial<PlanTask> = {}): PlanTask {
  return { id, name: `Step ${id}`, dependsOn: [], ...fields }
}

export function plan(...tasks: readonly PlanTask[]): ProposedPlan {
  return { goal: 'Reach it', tasks }
}

export function problemsOf(value: unknown, against: PlanContext = context()): readonly PlanProblem[] {
  return validatePlan(value, against).problems
}

/** In short: `cycle a b a`. */
export function shown(problems: readonly PlanProblem[]): readonly string[] {
  return problems.map(({ code, tasks }) => [code, ...tasks].join(' '))
}
