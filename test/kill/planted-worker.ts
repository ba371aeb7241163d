/** Mistakes that a worker can be started with. */

import type { Env } from 'pawl'
import type { State } from 'pawl/core'
import type { Append, Store } from 'pawl/ports'
import { type Wiring, wiring } from '../../src/runtime/index.ts'
import type { LedgerClient } from './ledger-client.ts'

export type WorkerPlants = {
  /** What the agent says of its unsafe tools. */
  readonly unsafeAs?: 'idempotent'
  readonly ledger?: (ledger: LedgerClient) => LedgerClient
  readonly store?: (store: Store) => Store
  readonly wiring?: Wiring
  readonly env?: (env: Env) => Env
  /** What it does instead of a drain: nothing, a drain after half the grace, or one that cuts off what is under way. */
  readonly drain?: 'at_once' | 'late' | 'cuts'
}

export type WorkerBug =
  | 'keys_ignored'
  | 'unsafe_declared_idempotent'
  | 'fence_ignored'
  | 'cancel_ignored'
  | 'approval_ignored'
  | 'wakes_ignored'
  | 'may_start_ignored'
  | 'fence_unchecked'
  | 'start_by_ignored'
  | 'clock_stands_still'
  | 'drained_at_once'
  | 'drained_late'
  | 'drain_cuts'
  | 'release_forgotten'
  | 'acknowledged_early'

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
  may_start_ignored: { wiring: { ...wiring, mayStart: () => true } },
  fence_unchecked: {
    env: clockStandsStill,
    store: (store) => ({
      ...store,
      renew: async () => ({ type: 'renewed', storeNow: Date.now() }),
      append: async (append) => store.append(await underAnyFence(store, append)),
    }),
  },
  start_by_ignored: {
    ledger: (ledger) => ({ ...ledger, act: (act, signal) => ledger.act({ ...act, startBy: null }, signal) }),
  },
  clock_stands_still: { env: clockStandsStill },
  drained_at_once: { drain: 'at_once' },
  drained_late: { drain: 'late' },
  drain_cuts: { drain: 'cuts' },
  release_forgotten: {
    store: (store) => ({
      ...store,
      release: async (ref, release) => (release.rested ? store.release(ref, release) : 'released'),
    }),
  },
  acknowledged_early: { store: answersEarly },
}

const MOST_TICK_MS = 50
const WRITES_AFTER_MS = 150

/** A monotonic clock that does not count while its process is frozen. */
function clockStandsStill(env: Env): Env {
  let known = env.monotonic()
  let shown = known
  return {
    ...env,
    monotonic: () => {
      const now = env.monotonic()
      shown += Math.min(now - known, MOST_TICK_MS)
      known = now
      return shown
    },
  }
}

async function underAnyFence(store: Store, append: Append): Promise<Append> {
  const head = await store.head(append.ref)
  return { ...append, fence: head?.fence ?? append.fence }
}

/** Says yes to a message, and writes it a little later. */
function answersEarly(store: Store): Store {
  return {
    ...store,
    appendUnconditionally: async (append) => {
      if (append.event.kind !== 'message_received') return store.appendUnconditionally(append)
      const head = await store.head(append.ref)
      setTimeout(() => store.appendUnconditionally(append).catch(() => {}), WRITES_AFTER_MS)
      return { type: 'appended', seq: (head?.version ?? 0) + 1, at: Date.now() }
    },
  }
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
