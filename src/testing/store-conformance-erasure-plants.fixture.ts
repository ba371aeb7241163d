/** Bugs in erasure, and in how what may be erased is found, that the conformance suite has to catch, each by the sentence that it breaks. */
import type { Store } from '../ports/index.ts'
import type { Plant } from './store-conformance-plants.fixture.ts'

export const erasurePlants: readonly Plant[] = [
  [
    'nothing erased',
    () => ({ erase: async () => ({ type: 'erased', events: 2, artifacts: 0 }) }),
    'an erasure takes every body, and the chain holds to the head',
  ],
  [
    'salts that stay',
    (store) => ({
      read: async (...asked) =>
        (await store.read(...asked)).map((event) => ({ ...event, salt: event.salt ?? '0'.repeat(32) })),
    }),
    'an erasure takes every body, and the chain holds to the head',
  ],
  [
    'a head without a tombstone',
    (store) => ({
      head: async (ref) => {
        const head = await store.head(ref)
        return head && { ...head, erasedAt: null, status: head.erasedAt === null ? head.status : 'done' }
      },
    }),
    'what is left of an erased session is a tombstone',
  ],
  [
    'open sessions erased',
    (store) => ({ erase: (ref) => store.erase(ref, { evenIfOpen: true }) }),
    'only a session that has ended is erased, or one of which it is said aloud',
  ],
  [
    'young sessions erased',
    (store) => ({ erase: (ref, { evenIfOpen }) => store.erase(ref, { evenIfOpen }) }),
    'a session that has gone on since somebody looked is not erased',
  ],
  [
    'erased anew each time',
    (store) => ({
      erase: async (ref, options) => {
        const { version = 0 } = (await store.head(ref)) ?? {}
        const erased = await store.erase(ref, options)
        return erased.type === 'erased' ? { ...erased, events: version } : erased
      },
    }),
    'an erasure may be repeated',
  ],
  [
    'drivers that go on',
    (store) => ({
      append: async (change) => {
        const appended = await store.append(change)
        return appended.type === 'fenced' ? { type: 'appended', version: change.version + 1, storeNow: 0 } : appended
      },
    }),
    'a driver of an erased session is fenced, and writes nothing more',
  ],
  [
    'snapshots of what was erased',
    (store) => {
      const late = new Map<string, Awaited<ReturnType<Store['snapshot']>>>()
      return {
        saveSnapshot: async (ref, snapshot) => {
          late.set(ref.sessionId, snapshot)
          await store.saveSnapshot(ref, snapshot)
        },
        snapshot: async (ref) => (await store.snapshot(ref)) ?? late.get(ref.sessionId) ?? null,
      }
    },
    'a driver of an erased session is fenced, and writes nothing more',
  ],
  [
    'tombstones that are driven',
    (store) => ({
      claim: async (ref, request) => {
        const claimed = await store.claim(ref, request)
        if (claimed.type !== 'erased') return claimed
        return { type: 'claimed', fence: 9, version: 2, deaths: 0, storeNow: 0, deadFence: 0 }
      },
    }),
    'nobody claims an erased session',
  ],
  [
    'tombstones that are written to',
    (store) => ({
      append: async (change) => {
        const appended = await store.append(change)
        if (appended.type !== 'erased') return appended
        return { type: 'appended', version: change.version + 1, storeNow: 0 }
      },
    }),
    'nothing is appended to an erased session',
  ],
  [
    'late outcomes for the dead',
    (store) => ({
      appendUnconditionally: async (change) => {
        const appended = await store.appendUnconditionally(change)
        const isErased = appended.type === 'refused' && appended.status === 'erased'
        return isErased && change.gates.includes('final') ? { type: 'appended', seq: 3, at: 0 } : appended
      },
    }),
    'nothing is appended to an erased session',
  ],
  [
    'decisions on what is not there',
    (store) => ({
      appendLocked: async (ref, after, decide) => {
        const head = await store.head(ref)
        if (head?.erasedAt) decide({ head, tail: await store.read(ref, after, 9), storeNow: 0 })
        return store.appendLocked(ref, after, decide)
      },
    }),
    'nothing is appended to an erased session',
  ],
  [
    'approvals of what was erased',
    (store) => {
      const opened: Awaited<ReturnType<Store['approvals']>>[number][] = []
      return {
        append: (change) => {
          opened.push(...(change.head.openedApprovals ?? []).map((row) => ({ ...change.ref, ...row })))
          return store.append(change)
        },
        approvals: async (filter) => {
          const listed = await store.approvals(filter)
          return listed.length === 0 ? opened : listed
        },
      }
    },
    'snapshots, approvals and commands of an erased session are forgotten',
  ],
  [
    'artifacts that outlive their sessions',
    (store) => ({ append: ({ head: { artifacts: _, ...head }, ...change }) => store.append({ ...change, head }) }),
    'artifacts go with the last session whose events name them',
  ],
  [
    'artifacts that go with their first session',
    (store) => {
      const gone = new Set<string>()
      const used = new Map<string, readonly string[]>()
      return {
        append: (change) => {
          used.set(change.ref.sessionId, [...(used.get(change.ref.sessionId) ?? []), ...(change.head.artifacts ?? [])])
          return store.append(change)
        },
        erase: async (ref, options) => {
          for (const hash of used.get(ref.sessionId) ?? []) gone.add(hash)
          return store.erase(ref, options)
        },
        artifact: async (tenant, hash) => (gone.has(hash) ? null : store.artifact(tenant, hash)),
      }
    },
    'artifacts go with the last session whose events name them',
  ],
  [
    'contents that somebody waits for erased',
    (store) => ({
      erase: async (ref, options) => {
        const erased = await store.erase(ref, options)
        await store.sweepArtifacts({ before: Number.MAX_SAFE_INTEGER, limit: 99 })
        return erased
      },
    }),
    'an artifact that somebody has saved since the session named it stays for them',
  ],
  [
    'a session erased by its id alone',
    (store) => ({
      erase: async (ref, options) => {
        await store.erase({ ...ref, tenant: 'globex' }, options)
        return store.erase(ref, options)
      },
    }),
    'an erasure touches no other session, and no other tenant’s of that name',
  ],
]

export const pruningPlants: readonly Plant[] = [
  [
    'the newest end first',
    (store) => ({ sessions: async (filter) => (await store.sessions(filter)).toReversed() }),
    'sessions that ended before a moment are listed by their end, page by page',
  ],
  [
    'every session listed, whenever it ended',
    (store) => ({ sessions: ({ endedBefore: _, ...filter }) => store.sessions(filter) }),
    'a session that is erased, or goes on, is not one that ended',
  ],
  [
    'a tombstone that keeps its worker',
    (store) => ({ workers: async () => [...(await store.workers()), { workerId: 'w1', holder: 'h', leaseUntil: 0 }] }),
    'a session that is held when it is erased holds up nobody',
  ],
]
