import { limitsOf, modeOf } from './mode.ts'
import { type Random, randomOf } from './random.ts'
import type { Mode } from './worker-orders.ts'

export const SESSIONS = 10

const MOST_KILLS = 3
const MOST_FREEZES = 3
const MOST_TERMS = 2

/** One signal, or one story of them: `afterMs` from when the worker of the slot is at work. */
export type Strike = { readonly slot: number; readonly afterMs: number } & (
  | { readonly type: 'kill' }
  | { readonly type: 'freeze'; readonly lastsMs: number }
  /** A second SIGTERM, and a SIGKILL, so long after the first. */
  | { readonly type: 'term'; readonly againMs: number | null; readonly killMs: number | null }
)

/** What happens in a round, as far as a seed can say it. */
export type RoundPlan = {
  readonly seed: string
  readonly mode: Mode
  /** Worker processes that work side by side. */
  readonly slots: number
  /** Each list is done in its order, and beside the others. */
  readonly strikes: readonly (readonly Strike[])[]
  /** The workers cannot see that another process is dead: leases have to run out. */
  readonly deathsAreHidden: boolean
  readonly secondTerm: 'waits' | 'quits'
  /** Sessions that stand in the store before the first worker is started. */
  readonly startedBefore: number
  /** Things that people do while workers are struck. */
  readonly acts: number
}

/** `hasMost`: as many strikes as a round may have, and all sessions at the start. */
export function planRound(seed: string, hasMost = false): RoundPlan {
  const mode = modeOf(seed)
  const random = randomOf(seed, 'plan')
  const slots = mode !== 'kill' || random.chance(0.25) ? 2 : 1
  const strikes = strikesOf[mode](random, slots, hasMost)
  return {
    seed,
    mode,
    slots,
    strikes,
    // A lease of `term` is too long to be waited for; where all drain, nobody has to see a death.
    deathsAreHidden: mode === 'kill' ? random.chance(0.2) : mode === 'term' && strikes.flat().every(isGentle),
    secondTerm: random.chance(0.5) ? 'waits' : 'quits',
    startedBefore: hasMost ? SESSIONS : random.between(3, SESSIONS),
    acts: random.between(15, 35),
  }
}

type Strikes = (random: Random, slots: number, hasMost: boolean) => readonly (readonly Strike[])[]

const strikesOf: Readonly<Record<Mode, Strikes>> = {
  kill: (random, slots, hasMost) =>
    Array.from({ length: slots }, (_, slot) =>
      times(hasMost ? MOST_KILLS : random.between(1, MOST_KILLS), () => {
        return { type: 'kill', slot, afterMs: random.between(5, 250) }
      }),
    ),
  freeze: (random, slots, hasMost) => [
    times(hasMost ? MOST_FREEZES : random.between(1, MOST_FREEZES), () => {
      const { leaseMs } = limitsOf.freeze
      // Some are over before the lease, and nobody may take notice of them.
      const lastsMs = random.chance(0.15) ? random.between(20, leaseMs - 100) : leaseMs + random.between(30, 350)
      return { type: 'freeze', slot: random.between(0, slots - 1), afterMs: random.between(5, 150), lastsMs }
    }),
  ],
  term: (random, slots, hasMost) => [
    times(hasMost ? MOST_TERMS : random.between(1, MOST_TERMS), () => ({
      type: 'term',
      slot: random.between(0, slots - 1),
      afterMs: random.between(5, 150),
      againMs: !hasMost && random.chance(0.35) ? random.between(0, 30) : null,
      killMs: !hasMost && random.chance(0.2) ? random.between(0, 40) : null,
    })),
  ],
}

function isGentle(strike: Strike): boolean {
  return strike.type === 'term' && strike.againMs === null && strike.killMs === null
}

function times(count: number, make: () => Strike): readonly Strike[] {
  return Array.from({ length: count }, make)
}
