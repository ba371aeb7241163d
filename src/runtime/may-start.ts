import type { Action, CallState } from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'

/**
 * The lease must hold on the monotonic clock, and an `unsafe` call must begin within a lease of its intent: after that the next
 * holder may take it for lost.
 */
export function mayStart(activation: Activation, action: Action): boolean {
  if (!activation.worker.leaseHolds()) return false
  if (action.type !== 'call') return true
  const call = stateOf(activation).calls.get(action.callId)
  return call === undefined || (startsWithinMs(activation, call) ?? 1) > 0
}

/** For how much longer the call may begin; null: whenever its worker holds its lease. */
export function startsWithinMs({ driver, passedAt }: Activation, call: CallState): number | null {
  if (call.effect !== 'unsafe') return null
  const { env, clock } = driver
  return Math.min(call.leaseMs - (env.monotonic() - passedAt), call.startedAt + call.leaseMs - clock.now())
}
