import type { Draft } from './draft.ts'
import type { EventOf } from './event.ts'
import type { Reducers } from './reducers.ts'
import { freshTask, ROOT_TASK, type State, type TaskState } from './state.ts'
import { gateOf } from './status.ts'

export const sessionReducers: Reducers<
  | 'session_started'
  | 'message_received'
  | 'session_parked'
  | 'session_ended'
  | 'budget_extended'
  | 'cancel_requested'
  | 'task_failed'
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
    draft.set(state, 'startedAt', at)
    draft.put(state.tasks, ROOT_TASK, freshTask(ROOT_TASK))
  },
  message_received(draft, event) {
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
    draft.set(state, 'ended', null)
    unpark(draft)
    const root = state.tasks.get(ROOT_TASK)
    if (root?.phase === 'answered') draft.set(root, 'phase', 'decide')
  },
  session_parked(draft, event) {
    draft.set(draft.state, 'parked', { reason: event.reason, message: event.message ?? null })
  },
  session_ended(draft, event) {
    const { reason, ending, unresolved, closing } = event
    draft.set(draft.state, 'ended', { reason, ending, unresolved, closing: closing ?? null })
    draft.set(draft.state, 'parked', null)
  },
  budget_extended(draft, event) {
    draft.set(draft.state, 'budget', extended(draft.state, event))
    if (gateOf(draft.state) === 'extend') draft.set(draft.state, 'ended', null)
    unpark(draft)
  },
  cancel_requested(draft, event) {
    draft.set(draft.state, 'cancel', { by: event.by, reason: event.reason ?? null })
    unpark(draft)
  },
  task_failed(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    draft.set(task, 'phase', 'failed')
    draft.set(task, 'failure', { failure: event.failure, message: event.message })
  },
}

/** What people do may end a block; `next` parks the session again if it does not. */
export function unpark(draft: Draft): void {
  if (draft.state.parked !== null) draft.set(draft.state, 'parked', null)
}

/** Charges an attempt that reported no usage with all that was set aside for it. */
export function settleAtReservation(draft: Draft, task: TaskState): void {
  const reserved = task.model?.reserved
  if (reserved === undefined) return
  const { ledger } = draft.state
  draft.count(ledger, 'tokens', reserved.tokens)
  draft.count(ledger, 'costMicroUsd', reserved.costMicroUsd)
  draft.count(ledger, 'reservedTokens', -reserved.tokens)
  draft.count(ledger, 'reservedCostMicroUsd', -reserved.costMicroUsd)
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
