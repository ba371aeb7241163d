/** What follows when tasks of a plan have failed, and what an end leaves. */
import type { EventOf, FailureClass, RecoveryAction } from '../../core/index.ts'
import { type Checks, type Complaint, complain } from './complaint.ts'
import { childrenOf, reachedOf } from './plan-reach.ts'
import type { SessionRecord } from './record.ts'

export const recoveryChecks: Checks = {
  recovery_chosen: (record, event) => checkRecovery(record, event),
  session_ended: (record, event) => checkEnd(record, event),
}

function checkRecovery(record: SessionRecord, event: EventOf<'recovery_chosen'>): readonly Complaint[] {
  const { taskId, action, failure, by } = event
  const node = record.plan.nodes.get(taskId)
  const row = record.started?.planning?.recovery[failure]
  const used = node?.chosen.get(action) ?? 0
  return [
    ...complain(
      'plans: recovery follows a failure',
      node?.status !== 'failed',
      () => `${action} of ${taskId}: ${node?.status}`,
    ),
    ...complain('plans: recovery is of the closed set', !closed.has(action), () => `${action} of ${taskId}`),
    ...complain(
      'plans: recovery by its row',
      by === undefined && !isDue(record, event),
      () => `${failure} of ${taskId}: ${action} ${used + 1}, where the row has ${row?.maxRetries} × ${row?.action}`,
    ),
    ...complain(
      'plans: only people and rows choose',
      by !== undefined && event.approvalId === undefined,
      () => `${action} of ${taskId} by ${by}`,
    ),
  ]
}

/** Whether it is what the row says; and, where that is used up, what is left to do. */
function isDue({ plan, started }: SessionRecord, event: EventOf<'recovery_chosen'>): boolean {
  const { taskId, action, failure } = event
  const { recovery, hasPlanner = false, replanThreshold = 0 } = started?.planning ?? {}
  const node = plan.nodes.get(taskId)
  const row = recovery?.[failure]
  if (node === undefined || row === undefined) return false
  // A planner that was asked about it had no plan.
  if (node.isGivenUp) return action === 'escalate'
  const used = node.chosen.get(row.action) ?? 0
  const isAlways = row.action === 'skip' || row.action === 'abort' || row.action === 'escalate'
  if (isAlways) return action === row.action
  if (row.action === 'retry' && used < row.maxRetries) return action === 'retry'
  if (action === row.action && used < row.maxRetries) return hasPlanner
  if (action === 'replan') return hasPlanner && plan.failuresInARow + 1 >= replanThreshold
  return action === 'escalate'
}

const closed: ReadonlySet<RecoveryAction | FailureClass> = new Set<RecoveryAction>([
  'retry',
  'decompose',
  'skip',
  'replan',
  'escalate',
  'abort',
])

function checkEnd(record: SessionRecord, { reason, partial }: EventOf<'session_ended'>): readonly Complaint[] {
  const { plan } = record
  const isWhole = reason === 'final_answer' || (reason === 'failed' && partial === true)
  const isStrict = plan.isExecuting && plan.mode === 'strict'
  const nodes = [...plan.nodes.values()]
  const isMissing = nodes.some(({ status, isGivenUp }) => status === 'skipped' || (status === 'failed' && isGivenUp))
  const left = isStrict && isWhole ? leftOf(record) : []
  return [
    ...complain('plans: an end leaves no task at work', plan.active.size > 0, () => `${[...plan.active.keys()]}`),
    ...complain(
      'plans: partial says what is missing',
      isWhole && (partial === true) !== (isStrict && isMissing),
      () => `partial: ${partial}`,
    ),
    ...complain('plans: only what failed is out of reach', left.length > 0, () => `${left} could have been done`),
  ]
}

/** Tasks that could have been done, and were not. */
function leftOf({ plan }: SessionRecord): readonly string[] {
  const open = [...plan.nodes.values()].filter(({ task }) => childrenOf(plan, task.id).length === 0)
  return open.map(({ task }) => task.id).filter((id) => reachedOf(plan, id) === 'open')
}
