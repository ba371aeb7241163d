/** People are asked what follows when a task has failed and recovery has nothing left. They answer with a recovery action. */
import { type Moment, type OpenAnswer, wakeBy } from '../answer.ts'
import type { State } from '../state.ts'
import type { RecoveryAction } from '../vocabulary.ts'
import type { OfPlan } from './of-plan.ts'
import type { TaskNode } from './plan-state.ts'

/** What a person may choose, in the order shown; `replan` only where there is a planner. */
export const escalationActions: readonly RecoveryAction[] = ['retry', 'skip', 'abort', 'replan']

export function nextOfEscalations(state: State, moment: Moment, { answer, plan }: OfPlan): void {
  if (state.planning?.onPartial !== 'ask') return
  for (const id of [...plan.failed].sort()) {
    const node = plan.nodes.get(id)
    if (node !== undefined && node.recovery === 'escalate' && node.approvalId === null)
      ask(state, moment, { answer, node })
  }
}

function ask(state: State, moment: Moment, { answer, node }: { answer: OpenAnswer; node: TaskNode }): void {
  const { task, attempt, failure } = node
  const asked = answer.events.filter(({ type }) => type === 'approval_requested').length
  const options = escalationActions.filter((action) => action !== 'replan' || state.planning?.hasPlanner === true)
  const said = failure === null ? '' : `: ${failure.message}`
  answer.events.push({
    type: 'approval_requested',
    approvalId: `a${state.approvals.size + asked + 1}`,
    callId: '',
    subject: { type: 'task', taskId: task.id, attempt },
    kind: 'question',
    reason: 'escalation',
    message: `${task.id} "${task.name}" has failed${said}. What now?`,
    hash: '',
    quorum: 1,
    notRequester: false,
    expiresAt: moment.now + state.limits.approvalExpiryMs,
    question: { text: `${task.id} "${task.name}" has failed${said}. What now?`, options },
  })
}

/** `isOver`: the plan is not carried out any more. */
type Closing = { readonly answer: OpenAnswer; readonly isOver: boolean }

/** A question about a task that stands otherwise by now answers itself; one that nobody has answered in time is a no. */
export function closeStale(state: State, moment: Moment, { answer, isOver }: Closing): void {
  for (const approvalId of [...state.index.openApprovals].sort()) {
    const approval = state.approvals.get(approvalId)
    if (approval?.subject?.type !== 'task') continue
    const node = state.plan?.nodes.get(approval.subject.taskId)
    if (isOver || node?.approvalId !== approvalId)
      answer.events.push({ type: 'approval_resolved', approvalId, resolution: 'superseded' })
    else if (moment.now >= approval.expiresAt)
      answer.events.push({ type: 'approval_resolved', approvalId, resolution: 'expired' })
    else wakeBy(answer, approval.expiresAt)
  }
}

/** Whether somebody is asked about it now. */
export function isAskedAbout(state: State, { approvalId }: TaskNode): boolean {
  return approvalId !== null && state.index.openApprovals.has(approvalId)
}
