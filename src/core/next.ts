/**
 * All control flow: which actions should be under way, which events have to stand in the log before they may start, and when to
 * look again. Pure; the driver performs what it answers.
 */
import { type Answer, type Moment, type Plan, wakeBy } from './answer.ts'
import { nextOfTurn } from './next-turn.ts'
import type { State } from './state.ts'
import { stopReason } from './stop.ts'
import { windDown } from './wind-down.ts'

export function next(state: State, moment: Moment): Answer {
  const plan: Plan = { actions: [], events: [], wakeAt: null }
  if (state.seq === 0 || state.ended !== null || state.parked?.reason === 'poison') return plan
  const stop = stopReason(state, moment)
  if (stop.type === 'stop') windDown(state, moment, { plan, reason: stop.reason })
  else {
    if (stop.wakeAt !== null) wakeBy(plan, stop.wakeAt)
    nextOfTurn(state, moment, plan)
  }
  return plan
}
