/** A simulated process: its clock, its timers, and how it dies, freezes and comes back. */
import type { Env } from '../../ports/index.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

export type SimulatedProcess = { readonly process: Process; readonly env: Env; readonly holder: string }

/** Epoch of the simulated world, so that times look like times. */
const EPOCH = 1_800_000_000_000

export function storeNow(world: Pick<World, 'scheduler'>): number {
  return EPOCH + Math.floor(world.scheduler.now)
}

export function startProcess(world: World, name: string, dead: ReadonlySet<string>): SimulatedProcess {
  const { chance, scheduler, shape } = world
  const process: Process = { isDead: false, frozenUntil: 0, stopsDuring: null, fences: new Map(), drove: new Set() }
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
  return { process, env, holder: name }
}
