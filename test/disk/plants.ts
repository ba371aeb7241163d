/** Mistakes that the checks must notice. Each is a store in front of the real one. */
import { statSync, truncateSync } from 'node:fs'
import { StoreFullError } from 'pawl'
import type { Store } from 'pawl/ports'
import { reservePath, STEP_BYTES } from '../../src/stores/sqlite/reserve.ts'
import type { CheckName } from './check-round.ts'
import type { Room } from './room.ts'
import type { Mode } from './round.ts'

export type Plant = {
  readonly bug: string
  readonly caughtBy: CheckName
  /** Of the rounds that it is played in. */
  readonly mode: Mode
  readonly reserveBytes?: number
  readonly store?: (store: Store, room: Room) => Store
}

export const plants = {
  no_reserve: { bug: 'no reserve', caughtBy: 'cancel', mode: 'cancel', reserveBytes: 0 },
  cancel_swallowed: {
    bug: 'a full store that says yes to a cancel',
    caughtBy: 'cancel',
    mode: 'cancel',
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
    mode: 'wait',
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
    mode: 'cancel',
    store: (store, room) => ({
      ...store,
      appendUnconditionally: (append) =>
        orElse(store.appendUnconditionally({ ...append, urgent: false }), (problem) => {
          if (append.urgent) cutReserve(room, STEP_BYTES)
          throw problem
        }),
    }),
  },
  given_up_whole: {
    bug: 'a reserve that is given up whole',
    caughtBy: 'cancel',
    mode: 'one_by_one',
    store: (store, room) => {
      let isGiven = false
      return {
        ...store,
        appendUnconditionally: (append) =>
          orElse(store.appendUnconditionally({ ...append, urgent: false }), (problem) => {
            if (!append.urgent || isGiven) throw problem
            isGiven = true
            cutReserve(room, Number.POSITIVE_INFINITY)
            return store.appendUnconditionally(append)
          }),
      }
    },
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof plants

/** As the store does it; the pages that a file with a limit keeps back are not in reach here. */
function cutReserve(room: Room, bytes: number): void {
  const reserve = reservePath(room.store.path)
  const size = statSync(reserve, { throwIfNoEntry: false })?.size ?? 0
  if (size > 0) truncateSync(reserve, Math.max(0, size - bytes))
}

async function nextOf(store: Store, ref: Parameters<Store['head']>[0]): Promise<{ readonly seq: number }> {
  return { seq: ((await store.head(ref))?.version ?? 0) + 1 }
}

async function orElse<Answer>(
  answer: Promise<Answer>,
  full: (problem: StoreFullError) => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await answer
  } catch (problem) {
    if (problem instanceof StoreFullError) return full(problem)
    throw problem
  }
}
