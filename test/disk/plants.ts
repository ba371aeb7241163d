/** Mistakes that the checks must notice. Each is a store in front of the real one. */
import { statSync, truncateSync } from 'node:fs'
import { StoreFullError } from 'pawl'
import type { Store } from 'pawl/ports'
import { reservePath, STEP_BYTES } from '../../src/stores/sqlite/reserve.ts'
import type { CheckName } from './check-round.ts'
import { type Mode, modesOf } from './modes.ts'
import type { Variant } from './orders.ts'
import type { Room } from './room.ts'

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
  given_up_cold: {
    bug: 'an opening without room that gives the reserve up',
    caughtBy: 'cancel',
    mode: 'cancel_cold',
    store: lessAtOpening(2, Number.POSITIVE_INFINITY),
  },
  one_fewer_cold: {
    bug: 'an opening without room that takes a step more of the reserve than it may',
    caughtBy: 'cancel',
    mode: 'one_by_one_cold',
    store: lessAtOpening(3, STEP_BYTES),
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof plants

/** Those whose rounds are played there. */
export function plantsOf(variant: Variant): readonly PlantName[] {
  // Of an object with these names and no others.
  return (Object.keys(plants) as PlantName[]).filter((name) => modesOf(variant).includes(plants[name].mode))
}

/** At the opening without room, which is this one of its round, the reserve loses so much, and another program takes it. */
function lessAtOpening(withoutRoom: number, bytes: number): (store: Store, room: Room) => Store {
  const openings = new WeakMap<Room, number>()
  return (store, room) => {
    const opening = (openings.get(room) ?? 0) + 1
    openings.set(room, opening)
    if (opening !== withoutRoom) return store
    cutReserve(room, bytes)
    room.fillUp()
    return store
  }
}

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
