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
  return askingLast(answer)
}

/**
 * Whoever is asked has seen all that stands in the log before: what else has to be said now is said first, and they are asked in the
 * next round. So a prompt that was made when the pass was committed can be made again from the log up to its `contextSeq`.
 */
function askingLast(answer: Answer): Answer {
  const others = answer.events.filter(({ type }) => type !== 'model_started')
  return others.length === 0 || others.length === answer.events.length ? answer : { ...answer, events: others }
}
