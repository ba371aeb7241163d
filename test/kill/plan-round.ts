import { randomOf } from './random.ts'

export const SESSIONS = 20

const MOST_KILLS = 4

/** What happens in a round, as far as a seed can say it. */
export type RoundPlan = {
  readonly seed: string
  /** One list for each worker slot: milliseconds after it began working at which each incarnation is killed. */
  readonly kills: readonly (readonly number[])[]
  /** The workers cannot see that another process is dead: leases have to run out. */
  readonly deathsAreHidden: boolean
  /** Sessions that stand in the store before the first worker is started. */
  readonly startedBefore: number
  /** Things that people do while workers are killed. */
  readonly acts: number
}

/** `fewestKills`, of each worker slot, is at most `MOST_KILLS`. */
export function planRound(seed: string, fewestKills = 1): RoundPlan {
  const random = randomOf(seed, 'plan')
  const slots = random.chance(0.25) ? 2 : 1
  return {
    seed,
    kills: Array.from({ length: slots }, () =>
      Array.from({ length: random.between(fewestKills, MOST_KILLS) }, () => random.between(5, 300)),
    ),
    deathsAreHidden: random.chance(0.2),
    startedBefore: random.between(5, SESSIONS),
    acts: random.between(30, 70),
  }
}
