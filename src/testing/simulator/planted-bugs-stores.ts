/** Bugs that are planted between the runtime and the log: stores that break a promise, and a machine that tells an untruth. */
import { editing, forgetful, frozen, sociable, stalled, stalledNoting, talkative, withFaults } from './focus.ts'
import { type PlantedBug, stored, WITHIN_SEEDS } from './planted-bug.ts'
import * as stores from './planted-stores.ts'

export const plantedInStores: readonly PlantedBug[] = [
  {
    ...stored(
      'a release that may have been applied is taken for one that was not',
      ['P3 an old fence starts nothing'],
      stores.clearReleases,
    ),
    focus: forgetful,
  },
  stored('a session that nobody can start', ['P11 every session begins'], stores.createsNothing),
  stored('a store that fails without a name', ['what fails, fails by name'], stores.failsNamelessly),
  stored('an open session that cannot be cancelled', ['P9 what is open can be cancelled'], stores.refusesCancels),
  stored('refused, and written', ['P1 refused is not done'], stores.refusesWhatItWrote),
  stored('another answer to a repeat', ['rule 7: a repeat gets the first answer'], stores.answersRepeatsAnew),
  { ...stored('no fence and no version', ['P3 an old fence commits nothing'], stores.unfencedAppends), focus: stalled },
  {
    ...stored('no fence under the head row’s lock', ['P3 an old fence commits nothing'], stores.unfencedUnderLock),
    focus: stalledNoting,
  },
  stored('intent after the effect', ['P6 intent before effect'], stores.appendsLater),
  stored('a pass written in halves', ['P2 a pass commits whole'], stores.appendsInHalves),
  stored('acknowledged before the commit', ['P1 acknowledged is never lost'], stores.acknowledgesEarly),
  stored('a cancel lost', ['P1 acknowledged is never lost'], stores.forgetsCancels),
  {
    ...stored(
      'a late outcome taken as the outcome',
      ['P4 one outcome', 'P4 one outcome an attempt'],
      stores.takesLateOutcomes,
    ),
    focus: frozen,
  },
  {
    ...stored(
      'a lost wake at rest',
      ['P11 rest says for whom it waits', 'P11 every session comes to an end'],
      stores.restsAnyway,
    ),
    focus: sociable,
  },
  stored(
    'a wake that was never set',
    ['P11 rest waits for a moment or for somebody', 'P11 every session comes to an end'],
    stores.forgetsWakes,
  ),
  {
    ...stored('deaths forgotten', ['P17 poison is driven alone, then parked'], stores.forgetsDeaths),
    focus: withFaults({ crash: 0.03 }),
  },
  stored('a read that skips an event', ['P12 the log gives the state'], stores.skipsAnEvent),
  {
    ...stored('a snapshot of no moment', ['P12 the log gives the state'], stores.snapshotOfNoMoment),
    focus: talkative,
  },
  stored('an approval listed after its answer', ['P2 rows are written with the log'], stores.keepsAnsweredApprovals),
  {
    ...stored('a list that shows other inputs', ['P8 people see what will run'], stores.listsOtherInputs),
    focus: editing,
  },
  stored('a list of every tenant', ['P15 no tenant reads another'], stores.listsEveryTenant),
  stored('a session found by its id alone', ['P15 no tenant reads another'], stores.findsByIdAlone),
  {
    name: 'the living taken for dead',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['P3 an old fence starts nothing', 'P4 certain that nothing took effect'],
    plant: { environment: (made) => ({ ...made, env: { ...made.env, isDead: () => true } }) },
  },
]
