import type { Append, SessionRef, Store, StoredEvent } from '../../ports/index.ts'
import { keyOf } from './records.ts'

/** Told of everything that was written, in the order in which it was. */
export type OnAppended = (ref: SessionRef, events: readonly StoredEvent[]) => void

export type Observer = {
  readonly onAppended: OnAppended
  /** Told of a commit under a fence that was not the newest. */
  readonly onOldFence: (ref: SessionRef) => void
}

/** Tells of everything that this store is made to write. */
export function observed({ onAppended, onOldFence }: Observer, store: Store): Store {
  const seen = new Map<string, number>()
  const fences = new Map<string, number>()
  const tell = async (ref: SessionRef) => {
    const key = keyOf(ref)
    const after = seen.get(key) ?? 0
    const events = await store.read(ref, after, 10_000)
    const last = events.at(-1)
    if (last === undefined || (seen.get(key) ?? 0) !== after) return
    seen.set(key, last.seq)
    onAppended(ref, events)
  }
  // Stores are objects of functions that need no `this`.
  const through = <A extends readonly unknown[], R>(
    write: (...request: A) => Promise<R>,
    refOf: (...request: A) => SessionRef,
  ) => {
    return async (...request: A): Promise<R> => {
      const result = await write(...request)
      await tell(refOf(...request))
      return result
    }
  }
  return {
    ...store,
    create: through(store.create, ({ ref }) => ref),
    append: through(
      async (request: Append) => {
        const result = await store.append(request)
        const newest = fences.get(keyOf(request.ref)) ?? 0
        if (result.type === 'appended' && request.fence !== null && request.fence < newest) onOldFence(request.ref)
        return result
      },
      ({ ref }) => ref,
    ),
    claim: async (ref, request) => {
      const claimed = await store.claim(ref, request)
      if (claimed.type === 'claimed') fences.set(keyOf(ref), claimed.fence)
      return claimed
    },
    appendUnconditionally: through(store.appendUnconditionally, ({ ref }) => ref),
    appendLocked: through(store.appendLocked, (ref) => ref),
  }
}
