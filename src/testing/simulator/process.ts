/** A simulated process: its clock, its timers, and how it dies, freezes and comes back. */
import type { Env, SessionRef } from '../../ports/index.ts'
import { keyOf } from './records.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

export type SimulatedProcess = { readonly process: Process; readonly env: Env }

/** Epoch of the simulated world, so that times look like times. */
const EPOCH = 1_800_000_000_000

export function storeNow(world: Pick<World, 'scheduler'>): number {
  return EPOCH + Math.floor(world.scheduler.now)
}

export function startProcess(world: World, name: string, dead: ReadonlySet<string>): SimulatedProcess {
  const { chance, scheduler, shape } = world
  const process: Process = { isDead: false, frozenUntil: 0, stopsDuring: null, fences: new Map() }
  const drawSkew = () => Math.floor(chance.between(-shape.skewMs, shape.skewMs))
  let skewMs = drawSkew()
  let ids = 0
  const env: Env = {
    now: () => {
      if (chance.happens(world.faults.clockJumps)) skewMs = drawSkew()
      return storeNow(world) + skewMs
    },
    monotonic: () => scheduler.now,
    random: () => chance.random(),
    uuid: () => {
      ids += 1
      return `${name}-${ids}`
    },
    setTimer: (delayMs, callback) => {
      const cancel = scheduler.after(delayMs, process, callback)
      return () => {
        cancel()
      }
    },
    holder: name,
    isDead: (holder) => dead.has(holder),
  }
  return { process, env }
}

/** Whether nobody has claimed the session since this process did. */
export function isNewestHolder({ fences }: World, process: Process, ref: SessionRef): boolean {
  const claimed = process.fences.get(keyOf(ref))
  return claimed !== undefined && claimed === fences.get(keyOf(ref))
}
