/** Worlds from seeds: `simulate` runs one, `simulateSeeds` many, `describeFailure` says what went wrong and how to see it again. */

export { describeFailure } from './describe-failure.ts'
export { type PlantedBug, plantedBugs } from './planted-bugs.ts'
export { type Plant, type SimulationOptions, type SimulationResult, simulate } from './simulate.ts'
export { type SeedsOptions, type SeedsResult, simulateSeeds } from './simulate-seeds.ts'
export type { Faults, Violation, World } from './world.ts'
