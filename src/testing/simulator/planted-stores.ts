/** Stores that break a promise, for the bugs that the simulator must catch. */
import type { Append, Store } from '../../ports/index.ts'
import type { World } from './world.ts'

export async function headOf(store: Store, { ref, fence }: Append): Promise<Partial<Append>> {
  const head = await store.head(ref)
  return head === null ? {} : { version: head.version, fence: fence === null ? null : head.fence }
}

/** Says that it was written, and writes a little later. */
export async function appendLater(store: Store, world: World, append: Append): ReturnType<Store['append']> {
  const { now } = { now: await storeTime(store) }
  world.scheduler.after(30, null, () => {
    store.append(append).catch(() => {})
  })
  return { type: 'appended', version: append.version + append.events.length, storeNow: now }
}

async function storeTime(store: Store): Promise<number> {
  return (await store.due({ limit: 1, deadWorkers: [] })).storeNow
}

export function acknowledgesEarly(store: Store): Store {
  return changed(store, {
    appendUnconditionally: async (append) => {
      store.appendUnconditionally(append).catch(() => {})
      return { type: 'appended', seq: 0, at: 0 }
    },
  })
}

/** Lets go whatever has been written meanwhile. */
export function restsAnyway(store: Store): Store {
  return changed(store, {
    release: async (ref, release) => {
      const head = await store.head(ref)
      return store.release(ref, { ...release, version: head?.version ?? release.version })
    },
  })
}

export function withAppend(store: Store, append: (append: Append) => ReturnType<Store['append']>): Store {
  return changed(store, { append: (request) => (request.fence === null ? store.append(request) : append(request)) })
}

function changed(store: Store, members: Partial<Store>): Store {
  return new Proxy(store, { get: (target, key) => Reflect.get(Object.hasOwn(members, key) ? members : target, key) })
}
