/** Mistakes that a worker can be started with. */
import type { State } from 'pawl/core'
import type { Store } from 'pawl/ports'
import { type Wiring, wiring } from '../../src/runtime/index.ts'
import type { LedgerClient } from './ledger-client.ts'

export type WorkerPlants = {
  /** What the agent says of its unsafe tools. */
  readonly unsafeAs?: 'idempotent'
  readonly ledger?: (ledger: LedgerClient) => LedgerClient
  readonly store?: (store: Store) => Store
  readonly wiring?: Wiring
}

export type WorkerBug =
  | 'keys_ignored'
  | 'unsafe_declared_idempotent'
  | 'fence_ignored'
  | 'cancel_ignored'
  | 'approval_ignored'
  | 'wakes_ignored'

const plants: Readonly<Record<WorkerBug, WorkerPlants>> = {
  keys_ignored: {
    ledger: (ledger) => ({
      ...ledger,
      act: (act, signal) =>
        ledger.act(act.tool === 'tag_ticket' ? { ...act, key: `${act.key}#${act.attempt}` } : act, signal),
    }),
  },
  unsafe_declared_idempotent: { unsafeAs: 'idempotent' },
  fence_ignored: {
    wiring: { ...wiring, next: (state, moment) => wiring.next(asOurs(state, moment.fence), moment) },
  },
  cancel_ignored: {
    wiring: { ...wiring, next: (state, moment) => wiring.next({ ...state, cancel: null }, moment) },
  },
  approval_ignored: {
    wiring: {
      ...wiring,
      handle: (state, command, moment) => {
        if (command.type !== 'record_verdict' || command.judgement.type !== 'verdict')
          return wiring.handle(state, command, moment)
        return wiring.handle(
          state,
          { ...command, judgement: { ...command.judgement, verdict: { type: 'allow' } } },
          moment,
        )
      },
    },
  },
  wakes_ignored: {
    store: (store) => ({
      ...store,
      due: async (query) => ({ ...(await store.due(query)), refs: [], nextWakeAt: null }),
    }),
  },
}

/** What any worker has begun looks like begun by this one. */
function asOurs(state: State, fence: number): State {
  const calls = [...state.calls].map(([callId, call]) => [callId, { ...call, fence }] as const)
  const tasks = [...state.tasks].map(([taskId, task]) => {
    return [taskId, { ...task, model: task.model && { ...task.model, fence } }] as const
  })
  return { ...state, calls: new Map(calls), tasks: new Map(tasks) }
}

export function plantsOf(bug: string | null): WorkerPlants {
  // Given by our own parent, which has the names from the same type.
  return bug === null ? {} : (plants[bug as WorkerBug] ?? {})
}
