/** What the calls of one turn want. Reads run side by side under the cap; writes one after another, in the order proposed. */

import { callKey, type Moment, type OpenAnswer, park, wakeBy } from './answer.ts'
import { lostCall } from './lost.ts'
import { neverRan } from './never-ran.ts'
import { nextOfControl } from './plan/control.ts'
import type { CallState, State, TaskState } from './state.ts'

/** Where the walk over the calls of a turn stands. */
type Walk = {
  readonly answer: OpenAnswer
  readonly task: TaskState
  /** A write that must end before the next one may start. */
  earlierWrite: CallState | null
}

export function nextOfCalls(
  state: State,
  moment: Moment,
  { answer, task }: { answer: OpenAnswer; task: TaskState },
): void {
  const walk: Walk = { answer, task, earlierWrite: null }
  for (const callId of task.callIds) {
    const call = state.calls.get(callId)
    if (call === undefined) continue
    nextOfCall(state, moment, { walk, call })
    if (call.status === 'finished' ? isWrite(call) && !endedWell(call) : mayWrite(call)) walk.earlierWrite ??= call
  }
  parkWhereHeld(state, answer, task)
}

function nextOfCall(state: State, moment: Moment, { walk, call }: { walk: Walk; call: CallState }): void {
  const { answer } = walk
  switch (call.status) {
    case 'finished':
      return
    case 'proposed':
      return judgeOrRefuse(answer, call)
    case 'held':
      return expireOrWait(state, moment, { answer, call })
    case 'allowed':
      return dispatch(state, moment, { walk, call })
    case 'started':
      if (call.fence < moment.fence) return lostCall(state, moment, { answer, call })
      // A newer activation runs it; this one does not know yet that it is over.
      if (call.fence > moment.fence) return
      answer.actions.push({ type: 'call', key: callKey(call), mode: 'run', callId: call.callId, attempt: call.attempt })
      return
    case 'lost':
      return lostCall(state, moment, { answer, call })
  }
}

function judgeOrRefuse(answer: OpenAnswer, call: CallState): void {
  const { problem } = call
  if (problem === null) return judge(answer, call)
  answer.events.push(neverRan(call, { type: 'blocked', reason: 'invalid_call', message: problem }))
}

function judge(answer: OpenAnswer, call: CallState): void {
  const judgementNumber = call.judgements + 1
  answer.actions.push({
    type: 'judge',
    key: `judge:${call.callId}:${judgementNumber}`,
    callId: call.callId,
    judgementNumber,
  })
}

function expireOrWait(state: State, moment: Moment, { answer, call }: { answer: OpenAnswer; call: CallState }): void {
  const { approvalId } = call
  const approval = approvalId === null ? undefined : state.approvals.get(approvalId)
  if (approval === undefined || approvalId === null) return
  if (moment.now < approval.expiresAt) return wakeBy(answer, approval.expiresAt)
  answer.events.push({ type: 'approval_resolved', approvalId, resolution: 'expired' })
  answer.events.push(
    neverRan(call, { type: 'blocked', reason: 'approval_expired', message: 'nobody answered in time' }),
  )
}

/** An allowed call starts when its turn has come; a write behind one that did not end well never does. */
function dispatch(state: State, moment: Moment, { walk, call }: { walk: Walk; call: CallState }): void {
  const { answer } = walk
  const { callId } = call
  if (call.isControl) return nextOfControl(state, { answer, task: walk.task, call })
  if (isWrite(call) && walk.earlierWrite !== null) {
    if (walk.earlierWrite.status !== 'finished') return
    const message = `not run: the earlier write ${walk.earlierWrite.callId} did not end well`
    answer.events.push(neverRan(call, { type: 'blocked', reason: 'earlier_write', message }))
    return
  }
  if (call.retryAt !== null && call.retryAt > moment.now) return wakeBy(answer, call.retryAt)
  if (answer.callsLeft <= 0) {
    const message = `not run: the budget of ${state.budget.maxCalls} calls is used`
    answer.events.push(neverRan(call, { type: 'blocked', reason: 'call_budget', message }))
    return
  }
  if (answer.slots <= 0 || hasTwin(state, answer, call)) return
  if (isWrite(call) && isBehindWrite(state, answer)) return
  if (!isFreshlyJudged(state, moment, call)) {
    if (moment.isLong === true && isWrite(call)) return wakeBy(answer, moment.now)
    return judge(answer, call)
  }
  answer.slots -= 1
  answer.callsLeft -= 1
  answer.events.push({
    type: 'call_started',
    callId,
    attempt: call.attempt + 1,
    fence: moment.fence,
    leaseMs: moment.leaseMs,
    ...(call.runAgainBy !== null && { by: call.runAgainBy }),
  })
}

/** The same effect is under way for another task: what came of it decides whether this is a repeat. */
function hasTwin(state: State, { events }: OpenAnswer, { callId, effect, terms }: CallState): boolean {
  if (effect !== 'unsafe' || terms === null) return false
  const begun = events.flatMap((event) => (event.type === 'call_started' ? [event.callId] : []))
  const others = [...(state.index.effects.get(terms.effectHash) ?? []), ...begun].filter((each) => each !== callId)
  return others.some((each) => {
    const other = state.calls.get(each)
    return other?.terms?.effectHash === terms.effectHash && other.status !== 'finished'
  })
}

/**
 * Writes of tasks side by side begin one after the other: policy looks at each with all in view that began before it, or a sum that
 * no session may exceed would be exceeded by as many as begin at once. While one is looked at, none passes it.
 */
function isBehindWrite({ calls }: State, { events, actions }: OpenAnswer): boolean {
  const isOfWrite = (callId: string, status: CallState['status']) => {
    const call = calls.get(callId)
    return call !== undefined && call.status === status && isWrite(call)
  }
  return (
    events.some((event) => event.type === 'call_started' && isOfWrite(event.callId, 'allowed')) ||
    actions.some((action) => action.type === 'judge' && isOfWrite(action.callId, 'allowed'))
  )
}

/** Policy is judged again after an approval, a resume, and any write that has begun or ended since. */
function isFreshlyJudged(state: State, moment: Moment, call: CallState): boolean {
  if (call.judgedFence !== moment.fence) return false
  return call.effect === 'read' || call.judgedEpoch === state.writeEpoch
}

function isWrite(call: CallState): boolean {
  return call.effect === 'unsafe' || call.effect === 'idempotent'
}

/** Before its first judgement nobody knows what a call is: the writes behind it wait. */
function mayWrite(call: CallState): boolean {
  return call.effect === null || isWrite(call)
}

function endedWell(call: CallState): boolean {
  return call.outcome?.type === 'ok'
}

/** At rest with something held: says for whom the session waits. */
function parkWhereHeld(state: State, answer: OpenAnswer, task: TaskState): void {
  const held = task.open.map((callId) => state.calls.get(callId)).find((call) => call?.status === 'held')
  const unknown = task.callIds.find((callId) => state.index.unknown.has(callId))
  const { taskId } = task
  if (held === undefined) {
    if (unknown !== undefined) park(answer, { type: 'session_parked', reason: 'unknown_outcome', taskId })
    return
  }
  const approval = held.approvalId === null ? undefined : state.approvals.get(held.approvalId)
  const question = approval?.question
  const reason = !question ? 'approval' : question.options.length > 0 ? 'ambiguous' : 'missing_context'
  park(answer, { type: 'session_parked', reason, taskId, ...(approval && { message: approval.reason }) })
}
