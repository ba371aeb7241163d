/** Worlds from seeds: `simulate` runs one, `simulateSeeds` many, `describeFailure` says what went wrong and how to see it again. */

export { addMarks, coverageMarks, type MarkCounts, type MarkName, missedMarks } from './coverage-marks.ts'
export { describeFailure } from './describe-failure.ts'
export { type KeptSituation, keptSituations } from './kept-seeds.ts'
export type { Plant } from './plant.ts'
export type { PlantedBug } from './planted-bug.ts'
export { plantedBugs } from './planted-bugs.ts'
export { drawShape, type Faults, type Shape as WorldShape } from './shape.ts'
export { type Shrunk, shrink } from './shrink.ts'
export { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts'
export { type SeedsOptions, type SeedsResult, simulateSeeds } from './simulate-seeds.ts'
export type { Violation, World } from './world.ts'
