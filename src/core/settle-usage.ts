/** What requests have cost: in the session's ledger, and in that of each task up to the root. */
import type { Draft } from './draft.ts'
import type { Reservation } from './event.ts'
import type { Usage } from './message.ts'
import type { State, TaskState } from './state.ts'

export function reserveFor(draft: Draft, task: TaskState, reserved: Reservation): void {
  countReserved(draft, task, reserved.tokens, reserved.costMicroUsd)
}

/** Charges an attempt that reported no usage with all that was set aside for it. */
export function settleAtReservation(draft: Draft, task: TaskState): void {
  const reserved = task.model?.reserved
  if (reserved === undefined) return
  countSpent(draft, task, reserved.tokens, reserved.costMicroUsd)
  countReserved(draft, task, -reserved.tokens, -reserved.costMicroUsd)
}

export function settleAtUsage(
  draft: Draft,
  task: TaskState,
  { usage, costMicroUsd }: { readonly usage: Usage; readonly costMicroUsd: number },
): void {
  const { ledger } = draft.state
  const reserved = task.model?.reserved
  draft.count(ledger, 'inputTokens', usage.inputTokens)
  draft.count(ledger, 'outputTokens', usage.outputTokens)
  countSpent(draft, task, usage.inputTokens + usage.outputTokens, costMicroUsd)
  countReserved(draft, task, -(reserved?.tokens ?? 0), -(reserved?.costMicroUsd ?? 0))
}

function countSpent(draft: Draft, task: TaskState, ...[tokens, costMicroUsd]: readonly [number, number]): void {
  draft.count(draft.state.ledger, 'tokens', tokens)
  draft.count(draft.state.ledger, 'costMicroUsd', costMicroUsd)
  for (const { spent } of chainOf(draft.state, task)) {
    draft.count(spent, 'tokens', tokens)
    draft.count(spent, 'costMicroUsd', costMicroUsd)
  }
}

function countReserved(draft: Draft, task: TaskState, ...[tokens, costMicroUsd]: readonly [number, number]): void {
  draft.count(draft.state.ledger, 'reservedTokens', tokens)
  draft.count(draft.state.ledger, 'reservedCostMicroUsd', costMicroUsd)
  for (const { spent } of chainOf(draft.state, task)) {
    draft.count(spent, 'reservedTokens', tokens)
    draft.count(spent, 'reservedCostMicroUsd', costMicroUsd)
  }
}

/** A task and those it is a part of, without the root: the root's is the session's ledger. */
export function chainOf(state: State, task: TaskState): readonly TaskState[] {
  const chain: TaskState[] = []
  let each: TaskState | undefined = task
  while (each !== undefined && each.parent !== null) {
    chain.push(each)
    each = state.tasks.get(each.parent)
  }
  return chain
}
