/**
 * Situations of bugs that were found by simulation and fixed. A seed means another world whenever the generator changes, so what is
 * kept is the kind of world: it must still meet its situation within some seeds, and break nothing.
 */
import type { MarkName } from './coverage-marks.ts'
import { type Focus, forgetful } from './focus.ts'

export type KeptSituation = {
  /** What was wrong, and the seed that showed it. */
  readonly bug: string
  readonly firstSeed: number
  readonly seeds: number
  readonly focus: Focus
  /** What shows that the situation occurs. */
  readonly mark: MarkName
  /** The planted bug that brings it back. */
  readonly planted: string
}

export const keptSituations: readonly KeptSituation[] = [
  {
    bug: 'a release was applied and its answer lost; the old activation folded the next one’s intents, and started a payment again (seed 3153 of the first generator)',
    firstSeed: 520,
    seeds: 100,
    focus: forgetful,
    mark: 'an old activation read a newer one’s intent',
    planted: 'an old activation runs what a newer one has started',
  },
  {
    bug: 'a release was applied and its answer lost; the activation went on under a fence that it did not hold any more (seed 46815)',
    firstSeed: 190,
    seeds: 100,
    focus: forgetful,
    mark: 'a release was applied and its answer lost',
    planted: 'a release that may have been applied is taken for one that was not',
  },
]
