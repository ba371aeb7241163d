import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts'

export type SeedsOptions = Omit<SimulationOptions, 'seed'> & {
  readonly firstSeed: number
  readonly seeds: number
  /** Ends after this many seeds with a violation; 1 by default. */
  readonly stopAfter?: number
}

export type SeedsResult = {
  readonly seeds: number
  readonly events: number
  readonly sessions: number
  readonly failures: readonly SimulationResult[]
}

/** Runs consecutive seeds, one after the other. */
export async function simulateSeeds({
  firstSeed,
  seeds,
  stopAfter = 1,
  ...options
}: SeedsOptions): Promise<SeedsResult> {
  let events = 0
  let sessions = 0
  const failures: SimulationResult[] = []
  let seed = firstSeed
  for (; seed < firstSeed + seeds && failures.length < stopAfter; seed += 1) {
    const result = await simulate({ ...options, seed })
    events += result.events
    sessions += result.sessions
    if (result.violations.length > 0) failures.push(result)
  }
  return { seeds: seed - firstSeed, events, sessions, failures }
}
