/** What follows when a call started under a fence that is gone: the only resume code there is. */
import { type Moment, type OpenAnswer, wakeBy } from './answer.ts'
import type { CallState, State } from './state.ts'

export function lostCall(
  state: State,
  moment: Moment,
  { answer, call }: { answer: OpenAnswer; call: CallState },
): void {
  const { callId, attempt } = call
  if (call.status === 'started') {
    const at = lostAt(state, moment, call)
    if (moment.now < at) return wakeBy(answer, at)
    answer.events.push({ type: 'call_lost', callId, attempt })
    return
  }
  if (call.effect !== 'unsafe') return judgeAgain(answer, call)
  if (call.terms?.verifies === true) {
    answer.actions.push({ type: 'verify', key: `verify:${callId}:${attempt}`, callId, attempt })
    return
  }
  const outcome = { type: 'unknown', message: 'the worker that ran it is gone, and the tool cannot verify' } as const
  answer.events.push({ type: 'call_finished', callId, attempt, outcome, trust: 'system' })
}

/**
 * A `read` or `idempotent` call is lost at once; an `unsafe` one when nobody can still be running it: it began within a lease of
 * its intent (the driver checks that before the start), and may run for its timeout and the grace after that.
 */
export function lostAt(state: State, moment: Moment, call: CallState): number {
  if (call.effect !== 'unsafe' || call.fence === moment.deadFence) return 0
  return call.startedAt + call.leaseMs + (call.terms?.timeoutMs ?? 0) + state.limits.graceMs
}

/** The next attempt, under the same key: judged again, as after any resume, which makes it `allowed`. */
function judgeAgain(answer: OpenAnswer, call: CallState): void {
  const { callId } = call
  const judgementNumber = call.judgements + 1
  answer.actions.push({ type: 'judge', key: `judge:${callId}:${judgementNumber}`, callId, judgementNumber })
}
