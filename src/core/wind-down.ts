/** The two steps of an end: nothing new starts and open work gets an outcome; then the session ends. */

import { callKey, decideAction, type Moment, type Plan, wakeBy } from './answer.ts'
import type { EventOf } from './event.ts'
import { lostAt } from './lost.ts'
import { neverRan } from './never-ran.ts'
import { type CallState, ROOT_TASK, type State } from './state.ts'
import { endingOf } from './stop.ts'
import type { Ending, StopReason } from './vocabulary.ts'

export function windDown(state: State, moment: Moment, { plan, reason }: { plan: Plan; reason: StopReason }): void {
  let open = 0
  for (const task of state.tasks.values()) {
    open += task.open.length
    for (const callId of task.open) {
      const call = state.calls.get(callId)
      if (call !== undefined) closeCall(state, moment, { plan, call })
    }
    if (task.phase !== 'deciding' || task.model === null) continue
    open += 1
    const { taskId, turn, model } = task
    const { attempt } = model
    if (model.fence < moment.fence) plan.events.push({ type: 'model_lost', taskId, turn, attempt })
    else if (model.fence === moment.fence) plan.actions.push(decideAction(task, attempt, 'abort'))
  }
  if (open === 0) plan.events.push(sessionEnded(state, reason))
}

function closeCall(state: State, moment: Moment, { plan, call }: { plan: Plan; call: CallState }): void {
  const { callId, attempt } = call
  if (call.status === 'started') {
    if (call.fence > moment.fence) return
    if (call.fence === moment.fence)
      plan.actions.push({ type: 'call', key: callKey(call), mode: 'abort', callId, attempt })
    else if (moment.now < lostAt(state, moment, call)) wakeBy(plan, lostAt(state, moment, call))
    else plan.events.push({ type: 'call_lost', callId, attempt })
  } else if (call.status === 'lost') closeLost(plan, call)
  else closeUnstarted(state, plan, call)
}

function closeLost(plan: Plan, call: CallState): void {
  const { callId, attempt } = call
  if (call.effect === 'unsafe' && call.terms?.verifies === true) {
    plan.actions.push({ type: 'verify', key: `verify:${callId}:${attempt}`, callId, attempt })
    return
  }
  const message = 'the worker that ran it is gone, and the session was ending'
  const outcome = { type: call.effect === 'unsafe' ? 'unknown' : 'retryable_error', message } as const
  plan.events.push({ type: 'call_finished', callId, attempt, outcome, trust: 'system' })
}

function closeUnstarted(state: State, plan: Plan, call: CallState): void {
  const { approvalId } = call
  const approval = approvalId === null ? undefined : state.approvals.get(approvalId)
  if (approval !== undefined && approval.resolution === null) {
    plan.events.push({ type: 'approval_resolved', approvalId: approval.approvalId, resolution: 'superseded' })
  }
  plan.events.push(neverRan(call, { type: 'cancelled' }))
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
  }
}

function endingFor(state: State, reason: StopReason): Ending {
  const root = state.tasks.get(ROOT_TASK)
  if (reason === 'final_answer') return (root && endingOf(state, root)) ?? { type: 'answered' }
  return reason === 'wall_clock' || reason === 'turn_budget' ? { type: 'timed_out' } : { type: 'none' }
}
