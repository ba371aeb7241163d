/** What follows when a task has failed: the row of its failure class, then a new plan for what is left, then people. */
import type { Moment } from '../answer.ts'
import { backoffMs } from '../backoff.ts'
import type { EventOf } from '../event.ts'
import type { State } from '../state.ts'
import { never, type RecoveryAction } from '../vocabulary.ts'
import type { OfPlan } from './of-plan.ts'
import type { TaskNode } from './plan-state.ts'
import type { PlanningTerms, RecoveryStrategy } from './planning-terms.ts'

export function recoverTasks(state: State, moment: Moment, { answer, plan }: OfPlan): void {
  const { planning } = state
  if (planning === null) return
  let failuresInARow = plan.failuresInARow
  let mayReplan = planning.hasPlanner && plan.request === null
  for (const id of [...plan.unrecovered].sort()) {
    const node = plan.nodes.get(id)
    if (node === undefined || node.failure === null) continue
    const chosen = chooseRecovery(node, { planning, failuresInARow, mayReplan, moment })
    answer.events.push(chosen)
    if (chosen.action === 'skip') {
      answer.events.push({ type: 'task_finished', taskId: id, status: 'skipped', reason: node.failure.message })
    }
    if (isGivenUp(chosen.action)) failuresInARow += 1
    if (chosen.action === 'replan' || chosen.action === 'decompose') mayReplan = false
  }
}

/** Nothing is tried again for it: it counts toward `replanThreshold`, and what needs it is out of reach. */
function isGivenUp(action: RecoveryAction): boolean {
  return action === 'replan' || action === 'decompose' || action === 'escalate'
}

type Choosing = {
  readonly planning: PlanningTerms
  readonly failuresInARow: number
  /** There is somebody to ask, and no answer of theirs is on its way. */
  readonly mayReplan: boolean
  readonly moment: Moment
}

function chooseRecovery(node: TaskNode, choosing: Choosing): EventOf<'recovery_chosen'> {
  const { failure = 'tool_terminal' } = node.failure ?? {}
  const row = choosing.planning.recovery[failure]
  const { action, maxRetries } = row
  const used = node.recoveries[action] ?? 0
  const base = { type: 'recovery_chosen', taskId: node.task.id, failure, attempt: node.attempt } as const
  switch (action) {
    case 'retry':
      if (used >= maxRetries) return exhausted(node, base, choosing)
      return {
        ...base,
        action,
        reason: `${failure}: retry ${used + 1} of ${maxRetries}`,
        ...retryAt(row, used, choosing),
      }
    case 'replan':
    case 'decompose':
      // An element stands in no plan, so none can put others in its place.
      if (used >= maxRetries || !choosing.mayReplan || (action === 'decompose' && node.element !== null))
        return exhausted(node, base, choosing)
      return {
        ...base,
        action,
        reason: `${failure}: ${action === 'replan' ? 'what is left is planned anew' : 'it is taken apart'}`,
      }
    case 'skip':
      return { ...base, action, reason: `${failure}: the others go on without it` }
    case 'abort':
      return { ...base, action, reason: `${failure} ends the session` }
    case 'escalate':
      return { ...base, action, reason: `${failure}: ${whoDecides(choosing.planning)}` }
    default:
      return never(action)
  }
}

function whoDecides({ onPartial }: PlanningTerms): string {
  return onPartial === 'ask' ? 'a person decides' : 'it is not tried again'
}

function retryAt(
  { backoffMs: baseMs }: RecoveryStrategy,
  failures: number,
  { moment }: Choosing,
): { retryAt?: number } {
  if (baseMs === 0) return {}
  return { retryAt: moment.now + backoffMs({ baseMs, maxMs: MAX_RETRY_MS, failures, jitter: 1 }) }
}

/** A task is tried again within this time, however often it has failed. */
const MAX_RETRY_MS = 15 * 60_000

type Base = Omit<EventOf<'recovery_chosen'>, 'action' | 'reason'>

/** Its row is used up: enough failures in a row plan what is left anew, else a person decides. */
function exhausted(
  node: TaskNode,
  base: Base,
  { planning, failuresInARow, mayReplan }: Choosing,
): EventOf<'recovery_chosen'> {
  const count = failuresInARow + 1
  const tried = Object.entries(node.recoveries).flatMap(([action, times]) =>
    action === 'escalate' ? [] : [`${times} × ${action}`],
  )
  const what = tried.length === 0 ? base.failure : `${base.failure} after ${tried.join(', ')}`
  if (mayReplan && count >= planning.replanThreshold) {
    const failures = count === 1 ? '1 failure' : `${count} failures in a row`
    return { ...base, action: 'replan', reason: `${what}: ${failures}, what is left is planned anew` }
  }
  return { ...base, action: 'escalate', reason: `${what}: nothing else is left to try` }
}
