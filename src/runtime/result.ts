import { type Ending, finalText, type Ledger, ROOT_TASK, type State, type Status, status } from '../core/index.ts'
import type { SessionRef, Store } from '../ports/index.ts'
import type { ApprovalName } from './approvals.ts'
import { loadState } from './load.ts'
import { refuseErasedHead } from './session-erased.ts'
import { UnknownSessionError, type WatchContext, watch } from './watch.ts'
import type { Wiring } from './wiring.ts'

/** What a session has come to: its end, or the people that it waits for. */
export type Result = {
  readonly sessionId: string
  readonly status: Status
  /** The last thing that the agent said to the user. */
  readonly text: string
  /** What the user got; null while the session has not ended. */
  readonly ending: Ending | null
  /** Tasks of its plan failed, were out of reach or were skipped: `text` names them. */
  readonly isPartial: boolean
  /** Calls that nobody knows the outcome of. */
  readonly unresolved: readonly string[]
  /** The approvals and questions that are open: what `approvals.approve` and the others take. */
  readonly openApprovals: readonly ApprovalName[]
  readonly spent: Readonly<Ledger>
  readonly turns: number
  readonly version: number
}

type Context = WatchContext & { readonly store: Store; readonly wiring: Wiring }

export async function resultOf(context: Context, ref: SessionRef, signal: AbortSignal | undefined): Promise<Result> {
  const { store, wiring } = context
  const head = await store.head(ref)
  if (head === null) throw new UnknownSessionError(ref)
  refuseErasedHead(head)
  for (;;) {
    const state = await loadState(store, ref, wiring)
    if (isAtRest(state)) return describe(state)
    // Not `rest`: the head may still show a block that the log has ended.
    for await (const item of watch(context, ref, { after: state.seq, ...(signal && { signal }) })) {
      if (item.type === 'event' && (item.event.type === 'session_ended' || item.event.type === 'session_parked')) break
    }
    signal?.throwIfAborted()
  }
}

function isAtRest(state: State): boolean {
  return state.ended !== null || state.parked !== null
}

export function describe(state: State): Result {
  return {
    sessionId: state.sessionId,
    status: status(state),
    text: finalText(state),
    ending: state.ended?.ending ?? null,
    isPartial: state.ended?.isPartial ?? false,
    unresolved: [...state.index.unknown],
    openApprovals: [...state.index.openApprovals].map((approvalId) => ({
      tenant: state.tenant,
      sessionId: state.sessionId,
      approvalId,
    })),
    spent: { ...state.ledger },
    turns: state.tasks.get(ROOT_TASK)?.turn ?? 0,
    version: state.seq,
  }
}
