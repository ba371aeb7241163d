import type { Draft } from './draft.ts'
import type { EventOf } from './event.ts'
import { freshTask } from './fresh-state.ts'
import { answerOfPlan } from './plan/answer-of-plan.ts'
import { reviveCancelled } from './plan/revive.ts'
import type { Reducers } from './reducers.ts'
import { ROOT_TASK, type State } from './state.ts'
import { gateOf } from './status.ts'

export const sessionReducers: Reducers<
  'session_started' | 'message_received' | 'session_parked' | 'session_ended' | 'budget_extended' | 'cancel_requested'
> = {
  session_started(draft, event, at) {
    const { state } = draft
    draft.set(state, 'agent', event.agent)
    draft.set(state, 'definitionHash', event.definitionHash)
    draft.set(state, 'requester', event.requester)
    draft.set(state, 'context', event.context)
    draft.set(state, 'budget', event.budget)
    draft.set(state, 'limits', event.limits)
    draft.set(state, 'closing', event.closing)
    draft.set(state, 'planning', event.planning ?? null)
    draft.set(state, 'memory', event.memory ?? null)
    draft.set(state, 'startedAt', at)
    const root = freshTask(ROOT_TASK)
    draft.put(state.tasks, ROOT_TASK, event.planning === undefined ? root : { ...root, purpose: 'route' })
    draft.add(state.index.active, ROOT_TASK)
  },
  message_received(draft, event, at) {
    const { state } = draft
    const seq = state.seq + 1
    draft.push(state.transcript, {
      type: 'user',
      seq,
      text: event.text,
      trust: event.trust,
      origin: event.origin,
      characters: event.text.length,
    })
    draft.set(state, 'sinceMessage', { seq, turns: 0, drivenMs: 0 })
    const root = state.tasks.get(ROOT_TASK)
    const isAnswered = root?.phase === 'answered' || state.ended?.reason === 'final_answer'
    if (state.ended !== null) reviveCancelled(draft, at)
    draft.set(state, 'ended', null)
    unpark(draft)
    if (state.plan !== null) draft.set(state.plan, 'replans', 0)
    if (root === undefined || !isAnswered) return
    draft.set(root, 'phase', 'decide')
    beginAnew(draft)
  },
  session_parked(draft, event) {
    draft.set(draft.state, 'parked', { reason: event.reason, message: event.message ?? null })
  },
  session_ended(draft, event) {
    const { reason, ending, unresolved, closing, partial } = event
    const isPartial = partial === true
    draft.set(draft.state, 'ended', { reason, ending, unresolved, closing: closing ?? null, isPartial })
    draft.set(draft.state, 'parked', null)
    noteAnswer(draft)
  },
  budget_extended(draft, event, at) {
    draft.set(draft.state, 'budget', extended(draft.state, event))
    if (gateOf(draft.state) === 'extend') {
      reviveCancelled(draft, at)
      draft.set(draft.state, 'ended', null)
    }
    unpark(draft)
  },
  cancel_requested(draft, event) {
    draft.set(draft.state, 'cancel', { by: event.by, reason: event.reason ?? null })
    unpark(draft)
  },
}

/** What a plan has come to is what was said to the user: whoever goes on with the conversation reads it. */
export function noteAnswer(draft: Draft): void {
  const { state } = draft
  const text = answerOfPlan(state)
  if (text === null) return
  const seq = state.seq + 1
  // The window counts turns from 1; a plan has taken none of the root's.
  const turn = Math.max(1, state.tasks.get(ROOT_TASK)?.turn ?? 1)
  const parts = [{ type: 'text', text }] as const
  const taskId = ROOT_TASK
  const said = { type: 'assistant', seq, taskId, turn, contextSeq: state.seq, parts, callIds: [] } as const
  draft.push(state.transcript, { ...said, characters: text.length })
}

/** A message after an answer is a new piece of work: the way to go about it is chosen anew. */
function beginAnew(draft: Draft): void {
  const { state } = draft
  const root = state.tasks.get(ROOT_TASK)
  if (root === undefined || state.planning === null) return
  draft.set(state, 'route', null)
  draft.set(root, 'purpose', 'route')
  if (state.plan !== null) draft.set(state.plan, 'failuresInARow', 0)
}

/** What people do may end a block; `next` parks the session again if it does not. */
export function unpark(draft: Draft): void {
  if (draft.state.parked !== null) draft.set(draft.state, 'parked', null)
}

function extended(state: State, event: EventOf<'budget_extended'>): State['budget'] {
  const { budget } = state
  return {
    ...budget,
    maxTokens: raised(budget.maxTokens, event.tokens),
    maxCostMicroUsd: raised(budget.maxCostMicroUsd, event.costMicroUsd),
    maxCalls: raised(budget.maxCalls, event.calls),
    maxEvents: budget.maxEvents + (event.events ?? 0),
  }
}

function raised(cap: number | null, by: number | undefined): number | null {
  return cap === null ? null : cap + (by ?? 0)
}
