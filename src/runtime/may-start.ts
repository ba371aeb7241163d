import type { Action } from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'

/**
 * The lease must hold on the monotonic clock, and an `unsafe` call must begin within a lease of its intent: after that the next
 * holder may take it for lost.
 */
export function mayStart(activation: Activation, action: Action): boolean {
  const { worker, driver } = activation
  if (!worker.leaseHolds()) return false
  if (action.type !== 'call') return true
  const call = stateOf(activation).calls.get(action.callId)
  if (call === undefined || call.effect !== 'unsafe') return true
  const isYoung = driver.env.monotonic() - activation.passedAt < call.leaseMs
  return isYoung && driver.clock.now() < call.startedAt + call.leaseMs
}
