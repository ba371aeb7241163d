/** Mistakes that the checks must notice. Each is a store in front of the real one. */
import { existsSync, truncateSync } from 'node:fs'
import { StoreFullError } from 'pawl'
import type { Store } from 'pawl/ports'
import type { CheckName } from './check-round.ts'
import type { Room } from './room.ts'

export type Plant = {
  readonly bug: string
  readonly caughtBy: CheckName
  readonly reserveBytes?: number
  readonly store?: (store: Store, room: Room) => Store
}

export const plants = {
  no_reserve: { bug: 'no reserve', caughtBy: 'cancel', reserveBytes: 0 },
  cancel_swallowed: {
    bug: 'a full store that says yes to a cancel',
    caughtBy: 'cancel',
    reserveBytes: 0,
    store: (store) => ({
      ...store,
      appendUnconditionally: async (append) => {
        const { seq } = await nextOf(store, append.ref)
        return orElse(store.appendUnconditionally(append), () => ({ type: 'appended', seq, at: Date.now() }))
      },
    }),
  },
  commit_swallowed: {
    bug: 'a full store that says yes to the commits of drivers',
    caughtBy: 'effects',
    store: (store) => ({
      ...store,
      append: (append) =>
        orElse(store.append(append), () => ({
          type: 'appended',
          version: append.version + append.events.length,
          storeNow: Date.now(),
        })),
    }),
  },
  not_retried: {
    bug: 'a reserve that is given up, and the cancel not tried again',
    caughtBy: 'cancel',
    reserveBytes: 0,
    store: (store, room) => ({
      ...store,
      appendUnconditionally: (append) =>
        orElse(store.appendUnconditionally(append), (problem) => {
          const reserve = `${room.store.path}-reserve`
          if (existsSync(reserve)) truncateSync(reserve, 0)
          throw problem
        }),
    }),
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof plants

async function nextOf(store: Store, ref: Parameters<Store['head']>[0]): Promise<{ readonly seq: number }> {
  return { seq: ((await store.head(ref))?.version ?? 0) + 1 }
}

async function orElse<Answer>(answer: Promise<Answer>, full: (problem: StoreFullError) => Answer): Promise<Answer> {
  try {
    return await answer
  } catch (problem) {
    if (problem instanceof StoreFullError) return full(problem)
    throw problem
  }
}
