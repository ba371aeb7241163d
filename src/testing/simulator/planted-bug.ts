/** What a planted bug is: a rule taken away, and what must notice it. */
import type { Wiring } from '../../runtime/index.ts'
import type { Focus } from './focus.ts'
import type { Plant } from './plant.ts'

export type PlantedBug = {
  readonly name: string
  /** It must be caught within this many seeds from seed 1. */
  readonly withinSeeds: number
  /** The invariants that may notice it: what the bug breaks. A seed that breaks others alone has not caught it. */
  readonly caughtBy: readonly [string, ...string[]]
  readonly plant: Plant
  /** Turns up what the bug needs to show; the shape as drawn by default. */
  readonly focus?: Focus
}

/** Most are caught by the first few seeds. */
export const WITHIN_SEEDS = 150

type CaughtBy = PlantedBug['caughtBy']

export function planted(name: string, caughtBy: CaughtBy, changed: Partial<Wiring>): PlantedBug {
  return { name, withinSeeds: WITHIN_SEEDS, caughtBy, plant: { wiring: (parts) => ({ ...parts, ...changed }) } }
}

export function stored(name: string, caughtBy: CaughtBy, store: NonNullable<Plant['store']>): PlantedBug {
  return { name, withinSeeds: WITHIN_SEEDS, caughtBy, plant: { store } }
}
