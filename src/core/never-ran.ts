import type { EventOf } from './event.ts'
import type { CallState } from './state.ts'
import type { Outcome, Trust } from './vocabulary.ts'

/** The end of a call that will not begin (again). What an earlier attempt may have done is not taken back by that. */
export function neverRan(call: CallState, outcome: Outcome, trust: Trust = 'system'): EventOf<'call_finished'> {
  const { callId, attempt, effect, tookEffect } = call
  const finished = { type: 'call_finished', callId, attempt: attempt + 1, trust } as const
  const mayHaveTakenEffect = attempt > 0 && tookEffect && effect !== 'read'
  if (!mayHaveTakenEffect) return { ...finished, outcome, tookEffect: false }
  if (outcome.type !== 'blocked') return { ...finished, outcome }
  const message = `${outcome.message} (an earlier attempt of this call may have taken effect)`
  return { ...finished, outcome: { ...outcome, message } }
}
