/** Stores that break a promise, for the bugs that the simulator must catch. */
import {
  type Append,
  type SessionRef,
  type Store,
  StoreUnavailableError,
  StoreUnclearError,
} from '../../ports/index.ts'
import type { World } from './world.ts'

type PlantStore = (store: Store, world: World) => Store

/** A release whose answer was lost is said not to have been applied. */
export const clearReleases: PlantStore = (store) => ({
  ...store,
  release: (ref, release) =>
    store.release(ref, release).catch((problem: unknown) => {
      throw problem instanceof StoreUnclearError ? new StoreUnavailableError(problem.message) : problem
    }),
})

export const createsNothing: PlantStore = (store) => ({
  ...store,
  create: () => Promise.reject(new StoreUnavailableError('planted: no session is created')),
})

export const failsNamelessly: PlantStore = (store, { chance }) => ({
  ...store,
  claim: (ref, claim) => (chance.happens(0.1) ? Promise.reject(new Error('planted')) : store.claim(ref, claim)),
})

/** Says of every session that it has ended. */
export const refusesCancels: PlantStore = (store) => ({
  ...store,
  appendUnconditionally: async (append) =>
    append.event.kind === 'cancel_requested'
      ? { type: 'refused', gate: 'final', status: 'ended' }
      : store.appendUnconditionally(append),
})

/** Writes what people say, and refuses it. */
export const refusesWhatItWrote: PlantStore = (store) => ({
  ...store,
  appendUnconditionally: async (append) => {
    const appended = await store.appendUnconditionally(append)
    return appended.type === 'appended' ? { type: 'refused', gate: 'final', status: 'ended' } : appended
  },
})

/** Whoever repeats a command is told of another place. */
export const answersRepeatsAnew: PlantStore = (store) => ({
  ...store,
  appendUnconditionally: async (append) => {
    const appended = await store.appendUnconditionally(append)
    return appended.type === 'duplicate' ? { ...appended, seq: appended.seq + 1 } : appended
  },
})

/** Every append of a driver is made for whatever stands there. */
export const unfencedAppends: PlantStore = (store) =>
  withAppend(store, async (append) => store.append({ ...append, ...(await headOf(store, append)) }))

/** Half of the races of drivers are lost; what they decide under the head row's lock is made for whoever holds the session. */
export const unfencedUnderLock: PlantStore = (store, { chance }) => ({
  ...withAppend(store, async (append) => {
    if (chance.happens(0.5)) return store.append(append)
    const { storeNow } = await store.due({ limit: 1, deadWorkers: [] })
    return { type: 'conflict', version: append.version, storeNow }
  }),
  appendLocked: (ref, after, decide) =>
    store.appendLocked(ref, after, (locked) => {
      const decided = decide(locked)
      return decided === null || decided.fence === null ? decided : { ...decided, fence: locked.head.fence }
    }),
})

/** Says that it was written, and writes a little later. */
export const appendsLater: PlantStore = (store, world) =>
  withAppend(store, async (append) => {
    const { storeNow } = await store.due({ limit: 1, deadWorkers: [] })
    world.scheduler.after(30, null, () => {
      store.append(append).catch(() => {})
    })
    return { type: 'appended', version: append.version + append.events.length, storeNow }
  })

/** Writes the first event of a pass by itself. */
export const appendsInHalves: PlantStore = (store) =>
  withAppend(store, async (append) => {
    const [first, ...others] = append.events
    if (first === undefined || others.length === 0) return store.append(append)
    const half = await store.append({ ...append, events: [first], head: {} })
    return half.type === 'appended' ? store.append({ ...append, version: half.version, events: others }) : half
  })

export const acknowledgesEarly: PlantStore = (store) => ({
  ...store,
  appendUnconditionally: async (append) => {
    store.appendUnconditionally(append).catch(() => {})
    return { type: 'appended', seq: 0, at: 0 }
  },
})

/** Takes cancels, and forgets some of them. */
export const forgetsCancels: PlantStore = (store, world) => ({
  ...store,
  appendUnconditionally: async (append) => {
    if (append.event.kind !== 'cancel_requested' || world.chance.happens(0.5))
      return store.appendUnconditionally(append)
    const head = await store.head(append.ref)
    return { type: 'appended', seq: head?.version ?? 1, at: head?.at ?? 0 }
  },
})

/** What came too late is written as if it had come in time. */
export const takesLateOutcomes: PlantStore = (store) => ({
  ...store,
  appendUnconditionally: (append) =>
    store.appendUnconditionally(
      append.event.kind === 'late_outcome_noted'
        ? { ...append, event: { ...append.event, kind: 'call_finished' } }
        : append,
    ),
})

/** Lets go whatever has been written meanwhile. */
export const restsAnyway: PlantStore = (store) => ({
  ...store,
  release: async (ref, release) => {
    const head = await store.head(ref)
    return store.release(ref, { ...release, version: head?.version ?? release.version })
  },
})

/** Lets go, and forgets when to look again. */
export const forgetsWakes: PlantStore = (store) => ({
  ...store,
  release: (ref, release) => store.release(ref, { ...release, wakeAt: null }),
})

/** Nobody has ever died with a session in hand. */
export const forgetsDeaths: PlantStore = (store) => ({
  ...store,
  claim: async (ref, claim) => {
    const claimed = await store.claim(ref, claim)
    return claimed.type === 'claimed' ? { ...claimed, deaths: 0 } : claimed
  },
})

/** A page of the log without its second event. */
export const skipsAnEvent: PlantStore = (store) => ({
  ...store,
  read: async (ref, after, limit) => (await store.read(ref, after, limit)).filter(({ seq }) => seq !== after + 2),
})

export const snapshotOfNoMoment: PlantStore = (store) => ({
  ...store,
  saveSnapshot: (ref, snapshot) => {
    // Our own text, as `encodeState` wrote it.
    const state = JSON.parse(new TextDecoder().decode(snapshot.bytes)) as { writeEpoch: number }
    const bytes = new TextEncoder().encode(JSON.stringify({ ...state, writeEpoch: state.writeEpoch + 1 }))
    return store.saveSnapshot(ref, { ...snapshot, bytes })
  },
})

export const keepsAnsweredApprovals: PlantStore = (store) => ({
  ...store,
  append: (append) => {
    const { closedApprovals: _, ...head } = append.head
    return store.append({ ...append, head })
  },
})

/** Lists approvals with another input than the one that will run. */
export const listsOtherInputs: PlantStore = (store) => ({
  ...store,
  approvals: async (filter) =>
    (await store.approvals(filter)).map((row) => ({ ...row, body: row.body.replaceAll('amount', 'sum') })),
})

export const listsEveryTenant: PlantStore = (store) => ({
  ...store,
  approvals: ({ limit }) => store.approvals({ limit }),
  sessions: ({ limit = 100 }) => store.sessions({ limit }),
})

/** A session is found by its id alone. */
export const findsByIdAlone: PlantStore = (store, { records }) => {
  const found = (ref: SessionRef): SessionRef =>
    records.find(ref) ?? records.all().find(({ sessionId }) => sessionId === ref.sessionId) ?? ref
  return {
    ...store,
    head: (ref) => store.head(found(ref)),
    read: (ref, after, limit) => store.read(found(ref), after, limit),
    append: (append) => store.append({ ...append, ref: found(append.ref) }),
    appendUnconditionally: (append) => store.appendUnconditionally({ ...append, ref: found(append.ref) }),
  }
}

async function headOf(store: Store, { ref, fence }: Append): Promise<Partial<Append>> {
  const head = await store.head(ref)
  return head === null ? {} : { version: head.version, fence: fence === null ? null : head.fence }
}

function withAppend(store: Store, append: (append: Append) => ReturnType<Store['append']>): Store {
  return { ...store, append: (request) => (request.fence === null ? store.append(request) : append(request)) }
}
