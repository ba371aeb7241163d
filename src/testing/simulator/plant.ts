import type { Store } from '../../ports/index.ts'
import type { Wiring } from '../../runtime/index.ts'
import type { SimulatedProcess } from './process.ts'
import type { World } from './world.ts'

/** A bug: in the parts of the driver, in the store as a process sees it, or in the machine. */
export type Plant = {
  readonly wiring?: (wiring: Wiring) => Wiring
  readonly store?: (store: Store, world: World) => Store
  readonly environment?: (made: SimulatedProcess) => SimulatedProcess
}
