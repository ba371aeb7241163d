/** The two steps of an end: nothing new starts and open work gets an outcome; then the session ends. */

import { callKey, decideAction, type Moment, type OpenAnswer, wakeBy } from './answer.ts'
import type { EventOf } from './event.ts'
import { lostAt } from './lost.ts'
import { neverRan } from './never-ran.ts'
import { isPartial } from './plan/progress.ts'
import { stepBack } from './plan/steps.ts'
import { activeTasks, type CallState, ROOT_TASK, type State, type TaskState } from './state.ts'
import { endingOf } from './stop.ts'
import type { Ending, StopReason } from './vocabulary.ts'

export function windDown(
  state: State,
  moment: Moment,
  { answer, reason }: { answer: OpenAnswer; reason: StopReason },
): void {
  const tasks = activeTasks(state)
  const open = tasks.reduce((sum, task) => sum + closeOpen(state, moment, { answer, task }), 0)
  if (open > 0) return
  // With the end itself: without the task that it is about, there would be no reason for it any more.
  for (const task of tasks) {
    const { taskId } = task
    if (taskId === ROOT_TASK) continue
    answer.events.push(...stepBack(state, task))
    answer.events.push({ type: 'task_finished', taskId, status: 'cancelled', reason: 'the session ended' })
  }
  for (const approvalId of [...state.index.openApprovals].sort())
    answer.events.push({ type: 'approval_resolved', approvalId, resolution: 'superseded' })
  answer.events.push(sessionEnded(state, reason))
}

/** Aborts what a task has under way, and ends what has not begun. How much of it is open still. */
export function closeOpen(
  state: State,
  moment: Moment,
  { answer, task }: { answer: OpenAnswer; task: TaskState },
): number {
  for (const callId of task.open) {
    const call = state.calls.get(callId)
    if (call !== undefined) closeCall(state, moment, { answer, call })
  }
  const { taskId, turn, model } = task
  if (task.phase !== 'deciding' || model === null) return task.open.length
  const { attempt } = model
  if (model.fence < moment.fence) answer.events.push({ type: 'model_lost', taskId, turn, attempt })
  else if (model.fence === moment.fence) answer.actions.push(decideAction(task, attempt, 'abort'))
  return task.open.length + 1
}

function closeCall(state: State, moment: Moment, { answer, call }: { answer: OpenAnswer; call: CallState }): void {
  const { callId, attempt } = call
  if (call.status === 'started') {
    if (call.fence > moment.fence) return
    if (call.fence === moment.fence)
      answer.actions.push({ type: 'call', key: callKey(call), mode: 'abort', callId, attempt })
    else if (moment.now < lostAt(state, moment, call)) wakeBy(answer, lostAt(state, moment, call))
    else answer.events.push({ type: 'call_lost', callId, attempt })
  } else if (call.status === 'lost') closeLost(answer, call)
  else closeUnstarted(state, answer, call)
}

function closeLost(answer: OpenAnswer, call: CallState): void {
  const { callId, attempt } = call
  if (call.effect === 'unsafe' && call.terms?.verifies === true) {
    answer.actions.push({ type: 'verify', key: `verify:${callId}:${attempt}`, callId, attempt })
    return
  }
  const message = 'the worker that ran it is gone, and the session was ending'
  const outcome = { type: call.effect === 'unsafe' ? 'unknown' : 'retryable_error', message } as const
  answer.events.push({ type: 'call_finished', callId, attempt, outcome, trust: 'system' })
}

function closeUnstarted(state: State, answer: OpenAnswer, call: CallState): void {
  const { approvalId } = call
  const approval = approvalId === null ? undefined : state.approvals.get(approvalId)
  if (approval !== undefined && approval.resolution === null) {
    answer.events.push({ type: 'approval_resolved', approvalId: approval.approvalId, resolution: 'superseded' })
  }
  answer.events.push(neverRan(call, { type: 'cancelled' }))
}

function sessionEnded(state: State, reason: StopReason): EventOf<'session_ended'> {
  const ending = endingFor(state, reason)
  const closing = ending.message ?? state.closing[reason]
  return {
    type: 'session_ended',
    reason,
    ending,
    unresolved: [...state.index.unknown].sort(),
    ...(closing !== undefined && { closing }),
    ...(isPartial(state) && { partial: true }),
  }
}

function endingFor(state: State, reason: StopReason): Ending {
  const root = state.tasks.get(ROOT_TASK)
  if (reason === 'final_answer') return (root && endingOf(state, root)) ?? { type: 'answered' }
  return reason === 'wall_clock' || reason === 'turn_budget' ? { type: 'timed_out' } : { type: 'none' }
}
