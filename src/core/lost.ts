/** What follows when a call started under a fence that is gone: the only resume code there is. */
import { type Moment, type Plan, wakeBy } from './answer.ts'
import type { CallState, State } from './state.ts'

export function lostCall(state: State, moment: Moment, { plan, call }: { plan: Plan; call: CallState }): void {
  const { callId, attempt } = call
  if (call.status === 'started') {
    const at = lostAt(state, moment, call)
    if (moment.now < at) return wakeBy(plan, at)
    plan.events.push({ type: 'call_lost', callId, attempt })
    return
  }
  if (call.effect !== 'unsafe') return judgeAgain(plan, call)
  if (call.terms?.verifies === true) {
    plan.actions.push({ type: 'verify', key: `verify:${callId}:${attempt}`, callId, attempt })
    return
  }
  const outcome = { type: 'unknown', message: 'the worker that ran it is gone, and the tool cannot verify' } as const
  plan.events.push({ type: 'call_finished', callId, attempt, outcome, trust: 'system' })
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
function judgeAgain(plan: Plan, call: CallState): void {
  const { callId } = call
  const judgementNumber = call.judgements + 1
  plan.actions.push({ type: 'judge', key: `judge:${callId}:${judgementNumber}`, callId, judgementNumber })
}
