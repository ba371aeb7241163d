/** What a plan wants: to be asked for, looked at, carried out task by task, mended where a task has failed. */
import { type Moment, type OpenAnswer, park, wakeBy } from '../answer.ts'
import { askModel } from '../ask-model.ts'
import type { EventOf } from '../event.ts'
import { ROOT_TASK, type State, type TaskState } from '../state.ts'
import { dispatchTasks } from './dispatch.ts'
import { closeStale, firstAskedAbout, nextOfEscalations } from './escalation.ts'
import type { OfPlan } from './of-plan.ts'
import type { PlanState } from './plan-state.ts'
import { problemsSaid } from './problems-text.ts'
import { isOvertaken, isStuck } from './progress.ts'
import { recoverTasks } from './recover.ts'
import { reviewExpired } from './review.ts'

export function nextOfPlan(state: State, moment: Moment, answer: OpenAnswer): void {
  const { plan } = state
  const root = state.tasks.get(ROOT_TASK)
  if (plan === null || root === undefined) return
  if (plan.pending !== null) nextOfPending(state, moment, { answer, plan })
  closeQuestions(state, moment, { answer, root })
  if (root.phase !== 'executing') return
  recoverTasks(state, moment, { answer, plan })
  if (isRefused(plan)) {
    answer.events.push(refusedFor(plan))
    return
  }
  // A message that came meanwhile is gone about next: nobody is asked any more.
  if (isOvertaken(state)) return
  if (isStuck(state)) return dispatchTasks(state, moment, { answer, plan })
  if (plan.request !== null) return nextOfRequest(state, moment, { answer, plan, root })
  nextOfEscalations(state, moment, { answer, plan })
  if (plan.pending === null) dispatchTasks(state, moment, { answer, plan })
  parkWhereEscalated(state, answer, plan)
}

/** Where the session goes another way by now, nobody needs to know what becomes of the failed tasks of its plan. */
function closeQuestions(state: State, moment: Moment, { answer, root }: { answer: OpenAnswer; root: TaskState }): void {
  if (state.planning?.onPartial === 'ask') closeStale(state, moment, { answer, isOver: root.purpose === 'decide' })
}

/** Nobody is asked for another one, and none is in force. */
function isRefused({ versions, pending, request }: PlanState): boolean {
  if (pending !== null || request !== null || versions.at(-1)?.status !== 'rejected') return false
  // What people have made of a plan stands in its place.
  const own = versions.findLast(({ cause }) => cause.type !== 'edited')
  return own?.version === 1 || own?.cause.type === 'given' || own?.cause.type === 'template'
}

function refusedFor({ versions }: PlanState): EventOf<'task_failed'> {
  const said = problemsSaid(versions.at(-1)?.problems ?? [])
  return { type: 'task_failed', taskId: ROOT_TASK, failure: 'invalid_output', message: `the plan was refused: ${said}` }
}

/** Proposed: the runtime looks at it, then perhaps a person. */
function nextOfPending(state: State, moment: Moment, { answer, plan }: OfPlan): void {
  const { pending } = plan
  if (pending === null) return
  const { version, isLookedAt, approvalId } = pending
  const proposed = plan.versions.at(-1)
  if (!isLookedAt) {
    if (proposed !== undefined && proposed.tasks.length < proposed.taskCount) return
    answer.actions.push({ type: 'review', key: `review:${version}`, version })
    return
  }
  const approval = approvalId === null ? undefined : state.approvals.get(approvalId)
  if (approval === undefined || approval.resolution !== null) return
  if (moment.now >= approval.expiresAt) answer.events.push(...reviewExpired(plan, approval.approvalId))
  else {
    wakeBy(answer, approval.expiresAt)
    park(answer, { type: 'session_parked', reason: 'plan_review', taskId: ROOT_TASK, message: approval.reason })
  }
}

/** A planner may answer with the plan that has failed so many times; then nothing new is to be expected of it. */
const MAX_REPEATS = 1

/** A planner is asked again until its attempts are used; then the version in force stays, or there is no plan at all. */
function nextOfRequest(state: State, moment: Moment, of: OfPlan & { readonly root: TaskState }): void {
  const { answer, plan, root } = of
  const { request } = plan
  if (request === null || plan.pending !== null || state.planning === null) return
  const { maxPlanAttempts } = state.planning
  // What has begun under the old version is told to the planner as it is when it is asked.
  const isStubborn = request.repeats > MAX_REPEATS
  if (request.attempts < maxPlanAttempts && !isStubborn) return askModel(state, moment, { answer, task: root })
  const said = request.problems[0]?.message ?? 'no plan came'
  const message = `no valid plan in ${request.attempts} attempts; the last: ${said}`
  if (request.cause.type === 'planned') {
    answer.events.push({ type: 'task_failed', taskId: ROOT_TASK, failure: 'invalid_output', message })
    return
  }
  const { cause } = request
  const [taskId = ''] = cause.type === 'replan' ? cause.taskIds : [cause.taskId]
  const attempt = plan.nodes.get(taskId)?.attempt ?? 1
  answer.events.push({
    type: 'recovery_chosen',
    taskId,
    failure: cause.failure,
    action: 'escalate',
    reason: message,
    attempt,
  })
}

/** With nothing else to do, people are waited for. */
function parkWhereEscalated(state: State, answer: OpenAnswer, plan: PlanState): void {
  // Most passes end here: a plan may have thousands of failures that nobody is asked about.
  if (plan.running.size > 0 || state.index.openApprovals.size === 0) return
  const first = firstAskedAbout(state, plan)
  if (first === undefined) return
  const { id } = first.task
  const message = first.failure === null ? id : `${id}: ${first.failure.message}`
  park(answer, { type: 'session_parked', reason: 'escalation', taskId: id, message })
}
