/**
 * All control flow: which actions should be under way, which events have to stand in the log before they may start, and when to
 * look again. Pure; the driver performs what it answers.
 */
import { type Answer, type Moment, openAnswer, parkAtRest, wakeBy } from './answer.ts'
import { nextOfTasks } from './next-tasks.ts'
import { nextOfPlan } from './plan/next-plan.ts'
import type { State } from './state.ts'
import { stopReason } from './stop.ts'
import { windDown } from './wind-down.ts'

export function next(state: State, moment: Moment): Answer {
  const answer = openAnswer(state)
  if (state.seq === 0 || state.ended !== null || state.parked?.reason === 'poison') return answer
  const stop = stopReason(state, moment)
  if (stop.type === 'stop') windDown(state, moment, { answer, reason: stop.reason })
  else {
    if (stop.wakeAt !== null) wakeBy(answer, stop.wakeAt)
    nextOfTasks(state, moment, answer)
    nextOfPlan(state, moment, answer)
    parkAtRest(state, answer)
  }
  return answer
}
