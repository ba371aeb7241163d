/** The way from a process to the store: requests are delayed and refused, answers are lost, and processes die while they wait. */
import { type SessionRef, type Store, StoreUnavailableError, StoreUnclearError } from '../../ports/index.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

/** Kills or freezes a process; called at points where it waits. */
export type Strike = (process: Process) => void

const writes = new Set<PropertyKey>([
  'create',
  'append',
  'appendUnconditionally',
  'appendLocked',
  'claim',
  'release',
  'saveDefinition',
])
const SLOWEST_MS = 12

/** The store as one process sees it. */
export function networkTo(world: World, process: Process, strike: Strike): Store {
  return new Proxy(world.base, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function' || key === 'close') return member
      return (...request: unknown[]) =>
        travel(world, process, {
          strike,
          isWrite: writes.has(key),
          apply: async () => member.apply(target, request),
        })
    },
  })
}

type Trip = { readonly strike: Strike; readonly isWrite: boolean; readonly apply: () => Promise<unknown> }

function travel(world: World, process: Process, { strike, isWrite, apply }: Trip): Promise<unknown> {
  const { chance, scheduler, faults } = world
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void) => {
      scheduler.after(delayOf(world), process, settle)
      strike(process)
    }
    const arrive = () => {
      if (chance.happens(faults.unavailable))
        return answer(() => reject(new StoreUnavailableError('simulated: the store is away')))
      apply().then(
        (result) => {
          const isLost = isWrite && chance.happens(faults.lostAnswer)
          answer(() => (isLost ? reject(new StoreUnclearError('simulated: the answer was lost')) : resolve(result)))
        },
        (problem: unknown) => answer(() => reject(problem)),
      )
    }
    // What was sent may arrive although its sender has died meanwhile.
    const outlives = isWrite && chance.happens(0.5)
    scheduler.after(delayOf(world), outlives ? null : process, arrive)
    strike(process)
  })
}

function delayOf({ chance }: World): number {
  return chance.happens(0.7) ? chance.random() : chance.random() * SLOWEST_MS
}

/** Tells the world of everything that this store is made to write. */
export function observed(world: Pick<World, 'onAppended'>, store: Store): Store {
  const seen = new Map<string, number>()
  const tell = async (ref: SessionRef) => {
    const key = `${ref.tenant}/${ref.sessionId}`
    const after = seen.get(key) ?? 0
    const events = await store.read(ref, after, 10_000)
    const last = events.at(-1)
    if (last === undefined || (seen.get(key) ?? 0) !== after) return
    seen.set(key, last.seq)
    world.onAppended(ref, events)
  }
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
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'create') return through(target.create.bind(target), ({ ref }) => ref)
      if (key === 'append') return through(target.append.bind(target), ({ ref }) => ref)
      if (key === 'appendUnconditionally') return through(target.appendUnconditionally.bind(target), ({ ref }) => ref)
      if (key === 'appendLocked') return through(target.appendLocked.bind(target), (ref) => ref)
      const member: unknown = Reflect.get(target, key, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
