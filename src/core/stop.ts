/** Whether a session must end now, and why: the rules in the order in which they win. */

import type { Moment } from './answer.ts'
import { reserve, termsOf } from './budget.ts'
import { isDrivenBy } from './driven.ts'
import { maybeShorter } from './memory/next-memory.ts'
import { isOfMemory } from './memory/purposes.ts'
import { isOvertaken, isStuck } from './plan/progress.ts'
import { stopOfPlan } from './plan/stop-of-plan.ts'
import { activeTasks, hasUnknown, ROOT_TASK, type State, type TaskState } from './state.ts'
import type { Ending, StopReason } from './vocabulary.ts'

export type Stop =
  | { readonly type: 'stop'; readonly reason: StopReason }
  | { readonly type: 'go'; readonly wakeAt: number | null }

/** Events kept free at the end of a log, so that open calls can be closed and the session ended. */
export const EVENTS_TO_END = 32

export function stopReason(state: State, moment: Moment): Stop {
  if (state.cancel !== null) return { type: 'stop', reason: 'cancelled' }
  const root = state.tasks.get(ROOT_TASK)
  if (root === undefined || root.phase === 'failed') return { type: 'stop', reason: 'failed' }
  if (state.seq + EVENTS_TO_END > state.budget.maxEvents) return { type: 'stop', reason: 'event_limit' }
  const left = wallClockLeftMs(state, moment)
  if (left <= 0) return { type: 'stop', reason: 'wall_clock' }
  const wakeAt = isDrivenBy(state, moment.fence) ? moment.now + left : null
  return stopOfTurn(state, moment, root) ?? { type: 'go', wakeAt }
}

/** Between two turns: has the work ended, or may no other turn begin? */
function stopOfTurn(state: State, moment: Moment, root: TaskState): Stop | null {
  if (root.phase === 'answered') return { type: 'stop', reason: 'final_answer' }
  const reason = stopOfPlan(state) ?? stopOfRoot(state, root) ?? outOfBudget(state, moment)
  return reason === null ? null : { type: 'stop', reason }
}

function stopOfRoot(state: State, root: TaskState): StopReason | null {
  if (root.phase !== 'decide' || root.purpose !== 'decide' || hasUnknown(state, root)) return null
  if (endingOf(state, root) !== null) return 'final_answer'
  const isNewTurn = root.failures === 0 && root.attempts === 0
  return isNewTurn && state.sinceMessage.turns >= state.budget.maxTurns ? 'turn_budget' : null
}

/** The next request of any task would not fit under the caps of the session. */
function outOfBudget(state: State, moment: Moment): StopReason | null {
  // What is set aside for requests that are under way may come back: whoever wants more waits for them.
  if (state.budget.whenExhausted !== 'stop' || state.ledger.reservedTokens > 0) return null
  for (const task of activeTasks(state)) {
    if (!isAboutToAsk(state, task) || hasUnknown(state, task)) continue
    // A request of memory that does not fit is not made, and no reason to end.
    const asking = isOfMemory(task.purpose) ? ({ ...task, purpose: 'decide' } as const) : task
    const reserved = reserve(state, { task: asking, terms: termsOf(moment, asking) })
    if (reserved.type === 'exhausted' && reserved.by === null && !maybeShorter(state, moment, asking))
      return reserved.reason
  }
  return null
}

/** A turn is due, or a planner is to be asked. */
function isAboutToAsk(state: State, { taskId, phase }: TaskState): boolean {
  const { plan } = state
  if (taskId !== ROOT_TASK || phase !== 'executing') return phase === 'decide'
  return plan !== null && ((plan.request !== null && plan.pending === null && !isStuck(state)) || isOvertaken(state))
}

/** What was under way under a fence that is gone was not driven since: that time was spent dead. */
function wallClockLeftMs(state: State, { now, fence }: Moment): number {
  const sinceEvent = isDrivenBy(state, fence) ? Math.max(0, now - state.at) : 0
  return state.budget.maxWallClockMs - state.sinceMessage.drivenMs - sinceEvent
}

/** What a call of the last turn says the user got, where a tool declares that it ends the session. */
export function endingOf(state: State, task: TaskState): Ending | null {
  for (const callId of task.callIds) {
    const ending = callEnding(state, callId)
    if (ending !== null) return ending
  }
  return null
}

/** A message that came after the call reopens the work: its ending no longer counts. */
function callEnding(state: State, callId: string): Ending | null {
  const call = state.calls.get(callId)
  if (call === undefined || call.outcome?.type !== 'ok' || call.ending === null) return null
  // What the turn of the call had seen: a router or a processor that was asked since may have seen more.
  const turn = state.transcript.findLast((entry) => entry.type === 'assistant' && entry.callIds.includes(callId))
  const seenSeq = turn?.type === 'assistant' ? turn.contextSeq : 0
  return state.sinceMessage.seq > seenSeq ? null : call.ending
}
