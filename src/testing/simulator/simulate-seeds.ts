import { addMarks, type MarkCounts } from './coverage-marks.ts'
import { whereTheyPart } from './history.ts'
import type { Shape } from './shape.ts'
import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts'
import type { Violation } from './world.ts'

export type SeedsOptions = Omit<SimulationOptions, 'seed'> & {
  readonly firstSeed: number
  readonly seeds: number
  /** Whether a seed that breaks this has failed; any violation by default. A planted bug has to be noticed by what it breaks. */
  readonly counts?: (violation: Violation) => boolean
  /** Ends after this many seeds with a violation; 1 by default. */
  readonly stopAfter?: number
  /** Every seed that this divides is run two times, and must give the same history; none by default. */
  readonly twiceEvery?: number
  /** The shape of a seed; as `drawShape` draws it by default. */
  readonly shapeOf?: (seed: number) => Shape
}

export type SeedsResult = {
  readonly seeds: number
  readonly events: number
  readonly sessions: number
  /** Seeds that were run two times. */
  readonly twice: number
  readonly marks: MarkCounts
  readonly failures: readonly SimulationResult[]
}

/** Runs consecutive seeds, one after the other. */
export async function simulateSeeds({
  firstSeed,
  seeds,
  counts = () => true,
  stopAfter = 1,
  twiceEvery,
  shapeOf,
  ...given
}: SeedsOptions): Promise<SeedsResult> {
  const sum = { events: 0, sessions: 0, twice: 0 }
  const marks: MarkCounts = {}
  const failures: SimulationResult[] = []
  let seed = firstSeed
  for (; seed < firstSeed + seeds && failures.length < stopAfter; seed += 1) {
    const options = { ...given, ...(shapeOf !== undefined && { shape: shapeOf(seed) }) }
    const isTwice = twiceEvery !== undefined && seed % twiceEvery === 0
    const first = await simulate({ ...options, seed })
    const result = isTwice ? compared(first, await simulate({ ...options, seed })) : first
    sum.events += result.events
    sum.sessions += result.sessions
    sum.twice += isTwice ? 1 : 0
    addMarks(marks, result.marks)
    if (result.violations.some(counts)) failures.push(result)
  }
  return { seeds: seed - firstSeed, ...sum, marks, failures }
}

function compared(one: SimulationResult, other: SimulationResult): SimulationResult {
  const parts = whereTheyPart(one, other)
  const [first] = one.records.all()
  if (parts === null || first === undefined) return one
  const { tenant, sessionId } = first
  return { ...one, violations: [{ invariant: 'same seed, same history', detail: parts, tenant, sessionId }] }
}
