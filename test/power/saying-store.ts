import type { SessionRef, Store } from 'pawl/ports'
import type { Acknowledgement } from './writer-orders.ts'

export type Say = (acknowledgement: Acknowledgement) => void

/** A store that says each accepted write before its caller hears of it. */
export function sayingStore(store: Store, say: Say): Store {
  const appended = async (ref: SessionRef, version: number): Promise<void> => {
    const [event] = await store.read(ref, version - 1, 1)
    if (event === undefined) throw new Error(`expected event ${version} of ${ref.sessionId}, found none`)
    say({ type: 'appended', sessionId: ref.sessionId, version, hash: event.hash })
  }
  return {
    ...store,
    async create(session) {
      const created = await store.create(session)
      if (created.type === 'created') await appended(session.ref, created.version)
      return created
    },
    async append(change) {
      const done = await store.append(change)
      if (done.type === 'appended') await appended(change.ref, done.version)
      return done
    },
    async appendUnconditionally(change) {
      const done = await store.appendUnconditionally(change)
      if (done.type === 'appended') await appended(change.ref, done.seq)
      return done
    },
    async appendLocked(ref, after, decide) {
      const done = await store.appendLocked(ref, after, decide)
      if (done.type === 'appended') await appended(ref, done.version)
      return done
    },
    async claim(ref, request) {
      const claimed = await store.claim(ref, request)
      if (claimed.type === 'claimed') say({ type: 'claimed', sessionId: ref.sessionId, fence: claimed.fence })
      return claimed
    },
  }
}
