/** What a worker is told to play, and what it says. */
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import { isOneByOne, type Mode, modesOf } from './modes.ts'
import type { PlantName } from './plants.ts'
import type { Rounded } from './round.ts'
import type { Visit } from './visit.ts'

export type Variant = 'disk' | 'pages'

export type Order = {
  readonly variant: Variant
  /** Where it works; whoever gives the order removes it. */
  readonly folder: string
  /** The steps of the case with an approval: all of them, or one. */
  readonly steps: 'all' | 'none' | number
  /** Crowds of sessions, one for each seed. */
  readonly seeds: readonly number[]
  readonly withPlants: boolean
}

/** A round: the step at which the room runs out (a commit, or a number of pages), and for a crowd the seed that draws it. */
export type PlayedRound = {
  readonly step: number
  readonly mode: Mode
  readonly seed: number | null
  readonly plant: PlantName | null
}

/** Without a fault: the end of each message, and what the case with an approval takes. */
export type Measured = {
  readonly ends: Readonly<Record<string, string>>
  readonly commits: number
  /** Pages of an empty store, and of one with the whole case. */
  readonly emptyPages: number
  readonly pages: number
}

/** The last thing that a worker says is how many rounds it was told to play, those of planted bugs apart. */
export type Said =
  | { readonly type: 'began'; readonly round: PlayedRound }
  | ({ readonly type: 'played'; readonly round: PlayedRound } & Rounded)
  | { readonly type: 'done'; readonly rounds: number }

/** Customers of different accounts, so that none of them stands in another's way. The first has the longest case. */
export const messages = {
  overThreshold: 'I was charged twice (account acct_1002)',
  underThreshold: 'I was charged twice (account acct_1001)',
  unverified: 'I was charged twice (account acct_1003)',
  hold: 'I was charged twice (account acct_1004)',
  person: 'I want to talk to a person about acct_1005',
  question: 'How long does a refund take?',
} as const

/** A disk is full from each commit on; a file at each number of pages. */
export function drawSteps({ variant, steps }: Order, measured: Measured): readonly PlayedRound[] {
  if (steps === 'none') return []
  const { commits, emptyPages, pages } = measured
  const [from, to] = variant === 'disk' ? [0, commits] : [emptyPages, pages]
  const modes = modesOf(variant).filter((mode) => !isOneByOne(mode))
  return Array.from({ length: to - from }, (_, index) => from + index)
    .filter((step) => steps === 'all' || steps === step)
    .flatMap((step) => modes.map((mode) => ({ step, mode, seed: null, plant: null })))
}

/** Without a step: the room runs out when all sessions stand. */
export function drawOneByOne({ variant, steps }: Order): readonly PlayedRound[] {
  if (steps !== 'all') return []
  return modesOf(variant)
    .filter(isOneByOne)
    .map((mode) => ({ step: 0, mode, seed: null, plant: null }))
}

/** Where a crowd of this seed finds no room, and who does what then. */
export function drawCrowdRound(seed: number, variant: Variant, { commits, emptyPages }: Measured): PlayedRound {
  const chance = chanceOf(seed ^ 0x5eed)
  const step = chance.below(3 * commits)
  const mode = chance.pick<Mode>(['wait', 'cancel', 'cancel', 'cancel_cold'])
  if (variant === 'disk') return { step, mode, seed, plant: null }
  return { step: emptyPages + step, mode: mode === 'cancel_cold' ? 'cancel' : mode, seed, plant: null }
}

/** Three to six sessions at once, and some are cancelled. */
export function drawCrowd(seed: number): readonly Visit[] {
  const chance = chanceOf(seed)
  return Object.values(messages)
    .map((message) => ({ message, order: chance.random() }))
    .toSorted((one, other) => one.order - other.order)
    .slice(0, 3 + chance.below(4))
    .map(({ message }, index) => ({ sessionId: `s${index}`, message, isCancelled: chance.happens(0.5) }))
}
