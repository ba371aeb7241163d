/**
 * Bugs that the simulator must catch: each takes one rule away, in the wiring, the store or the machine, and is found by the same
 * generator and the same invariants as everything else. None of them is in a shipped path.
 */
import type { Wiring } from '../../runtime/index.ts'
import {
  almostTooMuch,
  deadly,
  deadlyPaying,
  type Focus,
  frozen,
  hurried,
  impatient,
  slowlyTooMuch,
  sluggish,
  sociable,
  stalled,
  talkative,
  uncertain,
  untold,
  withFaults,
} from './focus.ts'
import type { Plant } from './plant.ts'
import * as drivers from './planted-drivers.ts'
import * as handles from './planted-handles.ts'
import * as nexts from './planted-nexts.ts'
import * as stores from './planted-stores.ts'

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
const WITHIN_SEEDS = 150

export const plantedBugs: readonly PlantedBug[] = [
  { ...planted('next without the fence', ['P5 unsafe never twice'], { next: nexts.unfenced }), focus: deadlyPaying },
  {
    ...planted('a request without the fence', ['P6 one request an intent'], { next: nexts.unfencedRequests }),
    focus: deadly,
  },
  {
    // Guarded twice: `next` does not ask for it, and the driver looks at its lease before any start.
    ...planted(
      'an old activation runs what a newer one has started, whatever its lease',
      ['P4 no start after the outcome'],
      {
        next: nexts.runsWhatIsNewer,
        mayStart: () => true,
      },
    ),
    withinSeeds: 150,
    focus: frozen,
  },
  {
    name: 'an action leaves "under way" when its promise settles',
    withinSeeds: 150,
    caughtBy: ['P5 unsafe never twice'],
    plant: { wiring: (parts) => ({ ...parts, createUnderWay: () => drivers.leavesAtArrival(parts.createUnderWay()) }) },
  },
  planted('the draft kept after a conflict', ['P12 the log gives the state'], { undoPass: () => {} }),
  planted('completions folded undoubted', ['P5 what nobody knows is unknown'], { handle: handles.undoubted }),
  planted('a merely started call may be settled', ['P4 only unknown is settled'], { handle: handles.settlesStarted }),
  {
    ...planted('a call settled two times', ['P4 only unknown is settled'], { handle: handles.settlesAgain }),
    focus: uncertain,
  },
  {
    ...planted('a call run again after the end', ['ended is ended'], { handle: handles.runsAfterTheEnd }),
    withinSeeds: 100,
    focus: untold,
  },
  {
    ...planted('no lease check before a start', ['P3 an old fence starts nothing'], { mayStart: drivers.withoutLease }),
    focus: stalled,
  },
  {
    ...planted('no startBy check before a start', ['P5 no unsafe start after its startBy'], {
      mayStart: drivers.withoutStartBy,
    }),
    withinSeeds: 300,
    focus: sluggish,
  },
  {
    name: 'abort by omission',
    withinSeeds: 50,
    caughtBy: ['P11 rest has nothing under way'],
    plant: {
      wiring: (parts) => ({
        ...parts,
        next: nexts.withoutAborts,
        createUnderWay: () => drivers.dropsUnwanted(parts.createUnderWay()),
      }),
    },
  },
  planted('cancel ignored', ['P9 no intent after a cancel'], { next: nexts.uncancelled }),
  planted('approval ignored', ['P7 unapproved never starts'], { handle: handles.unapproved }),
  {
    ...planted('a deny is beaten by an approval', ['P7 denied never starts'], { handle: handles.approvedBeatsDenied }),
    focus: almostTooMuch,
  },
  planted('an edited input runs unapproved', ['P8 approved by enough people'], { handle: handles.editedIsApproved }),
  {
    ...planted('a person votes two times', ['P8 one vote a person'], { handle: handles.doubleVotes }),
    withinSeeds: 150,
  },
  planted('any one person is a quorum', ['P8 quorum'], { handle: handles.anyoneIsAQuorum }),
  {
    ...planted('the requester approves their own work', ['P8 not by the requester'], {
      handle: handles.requesterVotes,
    }),
    withinSeeds: 150,
  },
  {
    ...planted('an expired approval approved', ['P8 expired is rejected'], { handle: handles.neverExpired }),
    focus: impatient,
  },
  planted('an approval answered two times', ['P8 one answer'], { handle: handles.answeredAgain }),
  planted('an approval that never expires', ['P11 every session comes to an end'], { next: nexts.neverExpires }),
  {
    ...planted('a stale verdict taken', ['P7 denied never starts'], { handle: handles.staleVerdicts }),
    focus: slowlyTooMuch,
  },
  planted('policy asked one time only', ['P7 judged by who starts it', 'P7 judged after the approval'], {
    next: nexts.judgedOnce,
  }),
  planted('a key that changes with the attempt', ['P5 one call, one key'], { handle: handles.keyOfAttempt }),
  {
    ...planted('retries beyond what the tool declares', ['P10 retries'], { handle: handles.retriedForEver }),
    withinSeeds: 600,
  },
  planted('a failure taken for proof that nothing happened', ['P4 certain that nothing took effect'], {
    handle: handles.failureIsProof,
  }),
  {
    ...planted(
      'an unsafe call given up while it may run',
      ['P4 certain that nothing took effect', 'P5 unsafe never twice'],
      { next: nexts.lostAtOnce },
    ),
    withinSeeds: 500,
    focus: frozen,
  },
  planted('a turn begun while an outcome is unknown', ['P11 what nobody knows is settled first'], {
    next: nexts.carelessOfUnknown,
  }),
  {
    ...planted('the same effect under a new call id', ['P5 the same effect under a new id'], {
      handle: handles.withoutEffects,
    }),
    withinSeeds: 200,
  },
  {
    ...planted('calls side by side without a cap', ['P10 calls side by side'], { next: nexts.allSideBySide }),
    withinSeeds: 150,
  },
  planted('writes side by side', ['write order'], { next: nexts.writesSideBySide }),
  planted('budget not reserved', ['P10 maxTokens', 'P10 maxCostMicroUsd'], { next: nexts.unreserved }),
  planted('the budget of calls ignored', ['P10 calls'], { next: nexts.withBudget({ maxCalls: null }) }),
  planted('the budget of turns ignored', ['P10 turns'], { next: nexts.withBudget({ maxTurns: 1_000 }) }),
  {
    ...planted('the wall clock ignored', ['P10 wall clock'], { next: nexts.withBudget({ maxWallClockMs: 1e12 }) }),
    focus: hurried,
  },
  planted('the limit of events ignored', ['P10 events'], { next: nexts.withBudget({ maxEvents: 1e9 }) }),
  planted('a message lost at the end', ['P1 a message is answered'], { next: nexts.deafAtTheEnd }),
  { ...stored('no fence and no version', ['P3 an old fence commits nothing'], stores.unfencedAppends), focus: stalled },
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
  stored('a wake that was never set', ['P11 every session comes to an end'], stores.forgetsWakes),
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
  stored('a list of every tenant', ['P15 no tenant reads another'], stores.listsEveryTenant),
  stored('a session found by its id alone', ['P15 no tenant reads another'], stores.findsByIdAlone),
  {
    name: 'the living taken for dead',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['P3 an old fence starts nothing', 'P4 certain that nothing took effect'],
    plant: { environment: (made) => ({ ...made, env: { ...made.env, isDead: () => true } }) },
  },
]

type CaughtBy = PlantedBug['caughtBy']

function planted(name: string, caughtBy: CaughtBy, changed: Partial<Wiring>): PlantedBug {
  return { name, withinSeeds: WITHIN_SEEDS, caughtBy, plant: { wiring: (parts) => ({ ...parts, ...changed }) } }
}

function stored(name: string, caughtBy: CaughtBy, store: NonNullable<Plant['store']>): PlantedBug {
  return { name, withinSeeds: WITHIN_SEEDS, caughtBy, plant: { store } }
}
