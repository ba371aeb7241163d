/** People are asked what follows when a task has failed and recovery has nothing left. They answer with a recovery action. */
import { type Moment, type OpenAnswer, wakeBy } from '../answer.ts'
import type { State } from '../state.ts'
import type { RecoveryAction } from '../vocabulary.ts'
import type { OfPlan } from './of-plan.ts'
import { freshPlan, type PlanState, type TaskNode } from './plan-state.ts'
import { isAtReplanLimit } from './progress.ts'

/** What a person may choose, in the order shown; `replan` only where there is a planner, and not past the limit. */
export const escalationActions: readonly RecoveryAction[] = ['retry', 'skip', 'abort', 'replan']

export function nextOfEscalations(state: State, moment: Moment, { answer, plan }: OfPlan): void {
  if (state.planning?.onPartial !== 'ask') return
  let approvals = state.approvals.size + answer.events.filter(({ type }) => type === 'approval_requested').length
  for (const id of [...plan.unasked].sort()) {
    const node = plan.nodes.get(id)
    if (node === undefined) continue
    approvals += 1
    ask(state, moment, { answer, node, approvalId: `a${approvals}` })
  }
}

type Asking = { readonly answer: OpenAnswer; readonly node: TaskNode; readonly approvalId: string }

function ask(state: State, moment: Moment, { answer, node, approvalId }: Asking): void {
  const { task, attempt, failure } = node
  const options = escalationActions.filter((action) => action !== 'replan' || mayReplan(state))
  const said = failure === null ? '' : `: ${failure.message}`
  answer.events.push({
    type: 'approval_requested',
    approvalId,
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

function mayReplan(state: State): boolean {
  return state.planning?.hasPlanner === true && !isAtReplanLimit(state)
}

/** `isOver`: the plan is not carried out any more. */
type Closing = { readonly answer: OpenAnswer; readonly isOver: boolean }

/** A question about a task that stands otherwise by now answers itself; one that nobody has answered in time is a no. */
export function closeStale(state: State, moment: Moment, { answer, isOver }: Closing): void {
  const { questions, questionsClosed, questionsStale } = state.plan ?? freshPlan()
  // They expire in the order in which they were asked: behind the first that is open, none is to be closed.
  for (let index = questionsClosed; index < questions.length; index += 1) {
    const approval = state.approvals.get(questions[index] ?? '')
    if (approval === undefined || approval.resolution !== null) continue
    const { approvalId, expiresAt } = approval
    const isStale = isOver || index < questionsStale
    if (!isStale && moment.now < expiresAt) return wakeBy(answer, expiresAt)
    answer.events.push({ type: 'approval_resolved', approvalId, resolution: isStale ? 'superseded' : 'expired' })
  }
}

/** The first failed task that people are asked about now. */
export function firstAskedAbout(state: State, plan: PlanState): TaskNode | undefined {
  const { questions, questionsClosed, questionsStale, nodes } = plan
  for (let index = Math.max(questionsClosed, questionsStale); index < questions.length; index += 1) {
    const { subject = null, resolution = null } = state.approvals.get(questions[index] ?? '') ?? {}
    if (subject?.type === 'task' && resolution === null) return nodes.get(subject.taskId)
  }
  return undefined
}
