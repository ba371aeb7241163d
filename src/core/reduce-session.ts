import { count, type Draft, push, put, set } from './draft.ts'
import type { EventOf } from './event.ts'
import type { Reducers } from './reducers.ts'
import { freshTask, ROOT_TASK, type State, type TaskState } from './state.ts'
import { gateOf } from './status.ts'

export const sessionReducers: Reducers<
  'session_started' | 'message_received' | 'session_parked' | 'session_ended' | 'budget_extended' | 'cancel_requested' | 'task_failed'
> = {
  session_started(draft, event, at) {
    const { state } = draft
    set(draft, state, 'agent', event.agent)
    set(draft, state, 'definitionHash', event.definitionHash)
    set(draft, state, 'requester', event.requester)
    set(draft, state, 'context', event.context)
    set(draft, state, 'budget', event.budget)
    set(draft, state, 'limits', event.limits)
    set(draft, state, 'closing', event.closing)
    set(draft, state, 'startedAt', at)
    put(draft, state.tasks, ROOT_TASK, freshTask(ROOT_TASK))
  },
  message_received(draft, event) {
    const { state } = draft
    const seq = state.seq + 1
    push(draft, state.transcript, {
      type: 'user',
      seq,
      text: event.text,
      trust: event.trust,
      origin: event.origin,
      characters: event.text.length,
    })
    set(draft, state, 'sinceMessage', { seq, turns: 0, drivenMs: 0 })
    set(draft, state, 'ended', null)
    unpark(draft)
    const root = state.tasks.get(ROOT_TASK)
    if (root?.phase === 'answered') set(draft, root, 'phase', 'decide')
  },
  session_parked(draft, event) {
    set(draft, draft.state, 'parked', { reason: event.reason, message: event.message ?? null })
  },
  session_ended(draft, event) {
    const { reason, ending, unresolved, closing } = event
    set(draft, draft.state, 'ended', { reason, ending, unresolved, closing: closing ?? null })
    set(draft, draft.state, 'parked', null)
  },
  budget_extended(draft, event) {
    set(draft, draft.state, 'budget', extended(draft.state, event))
    if (gateOf(draft.state) === 'extend') set(draft, draft.state, 'ended', null)
    unpark(draft)
  },
  cancel_requested(draft, event) {
    set(draft, draft.state, 'cancel', { by: event.by, reason: event.reason ?? null })
    unpark(draft)
  },
  task_failed(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    set(draft, task, 'phase', 'failed')
    set(draft, task, 'failure', { failure: event.failure, message: event.message })
  },
}

/** What people do may end a block; `next` parks the session again if it does not. */
export function unpark(draft: Draft): void {
  if (draft.state.parked !== null) set(draft, draft.state, 'parked', null)
}

/** Charges an attempt that reported no usage with all that was set aside for it. */
export function settleAtReservation(draft: Draft, task: TaskState): void {
  const reserved = task.model?.reserved
  if (reserved === undefined) return
  const { ledger } = draft.state
  count(draft, ledger, 'tokens', reserved.tokens)
  count(draft, ledger, 'costMicroUsd', reserved.costMicroUsd)
  count(draft, ledger, 'reservedTokens', -reserved.tokens)
  count(draft, ledger, 'reservedCostMicroUsd', -reserved.costMicroUsd)
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
