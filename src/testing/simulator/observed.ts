import type { SessionRef, Store, StoredEvent } from '../../ports/index.ts'
import { keyOf } from './records.ts'

/** Told of everything that was written, in the order in which it was. */
export type OnAppended = (ref: SessionRef, events: readonly StoredEvent[]) => void

/** Tells of everything that this store is made to write. */
export function observed(onAppended: OnAppended, store: Store): Store {
  const seen = new Map<string, number>()
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
    append: through(store.append, ({ ref }) => ref),
    appendUnconditionally: through(store.appendUnconditionally, ({ ref }) => ref),
    appendLocked: through(store.appendLocked, (ref) => ref),
  }
}
