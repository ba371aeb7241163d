/** The way from a process to the store: requests are delayed and refused, answers are lost, and processes die while they wait. */
import { type Store, StoreUnavailableError, StoreUnclearError } from '../../ports/index.ts'
import type { Process } from './scheduler.ts'
import { noteAnswer } from './trips.ts'
import type { World } from './world.ts'

/** Kills, freezes or stops a process; called at points where it waits, with what it waits for. */
export type Strike = (process: Process, during: { readonly name: string; readonly request: readonly unknown[] }) => void

const writes: ReadonlySet<string> = new Set([
  'create',
  'append',
  'appendUnconditionally',
  'appendLocked',
  'claim',
  'release',
  'saveDefinition',
  'saveSnapshot',
  'saveArtifact',
  'sweepArtifacts',
  'erase',
  'scrub',
])

/** The store as one process sees it. */
export function networkTo(world: World, process: Process, strike: Strike): Store {
  const members = Object.entries(world.base).map(([name, member]) => {
    if (typeof member !== 'function' || name === 'close') return [name, member]
    const through = (...request: unknown[]) => travel(world, process, { name, request, strike, member })
    return [name, through]
  })
  // The members of a store, each behind the network.
  return Object.fromEntries(members) as Store
}

type Trip = {
  readonly name: string
  readonly request: readonly unknown[]
  readonly strike: Strike
  readonly member: (...request: readonly unknown[]) => Promise<unknown>
}

function travel(world: World, process: Process, { name, request, strike, member }: Trip): Promise<unknown> {
  const { chance, scheduler, faults } = world
  const isWrite = writes.has(name)
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void) => {
      scheduler.after(delayOf(world), process, settle)
      strike(process, { name, request })
    }
    const arrive = () => {
      if (chance.happens(faults.unavailable))
        return answer(() => reject(new StoreUnavailableError('simulated: the store is away')))
      member(...request).then(
        (result) => {
          const isLost = isWrite && chance.happens(faults.lostAnswer)
          noteAnswer(world, process, { name, request, result, isLost })
          answer(() => (isLost ? reject(new StoreUnclearError('simulated: the answer was lost')) : resolve(result)))
        },
        (problem: unknown) => answer(() => reject(problem)),
      )
    }
    // What was sent may arrive although its sender has died meanwhile.
    const outlives = isWrite && chance.happens(0.5)
    scheduler.after(delayOf(world), outlives ? null : process, arrive)
    strike(process, { name, request })
  })
}

function delayOf({ chance, shape }: World): number {
  return chance.happens(0.7) ? chance.random() : chance.random() * shape.slowestMs
}
