/**
 * Bugs that the simulator must catch: each takes one rule away, in the wiring, the store or the machine, and is found by the same
 * generator and the same invariants as everything else. None of them is in a shipped path.
 */
import type { Wiring } from '../../runtime/index.ts'
import type { UnderWay } from '../../runtime/under-way.ts'
import {
  almostTooMuch,
  deadly,
  type Focus,
  forgetful,
  frozen,
  hurried,
  impatient,
  slowlyTooMuch,
  sociable,
  stalled,
  talkative,
  uncertain,
  withFaults,
} from './focus.ts'
import type { Plant } from './plant.ts'
import * as handles from './planted-handles.ts'
import * as nexts from './planted-nexts.ts'
import * as stores from './planted-stores.ts'

export type PlantedBug = {
  readonly name: string
  /** It must be caught within this many seeds from seed 1. */
  readonly withinSeeds: number
  readonly plant: Plant
  /** Turns up what the bug needs to show; the shape as drawn by default. */
  readonly focus?: Focus
}

/** Most are caught by the first few seeds. */
const WITHIN_SEEDS = 150

export const plantedBugs: readonly PlantedBug[] = [
  { ...planted('next without the fence', { next: nexts.unfenced }), focus: deadly },
  {
    ...planted('an old activation runs what a newer one has started', { next: nexts.runsWhatIsNewer }, 300),
    focus: forgetful,
  },
  {
    name: 'an action leaves "under way" when its promise settles',
    withinSeeds: 150,
    plant: { wiring: (parts) => ({ ...parts, createUnderWay: () => leavesAtArrival(parts.createUnderWay()) }) },
  },
  planted('the draft kept after a conflict', { undoPass: () => {} }),
  planted('completions folded undoubted', { handle: handles.undoubted }),
  planted('a merely started call may be settled', { handle: handles.settlesStarted }),
  { ...planted('a call settled two times', { handle: handles.settlesAgain }), focus: uncertain },
  { ...planted('a call run again after the end', { handle: handles.runsAfterTheEnd }, 400), focus: uncertain },
  { ...planted('no lease check before a start', { mayStart: () => true }, 150), focus: stalled },
  {
    name: 'abort by omission',
    withinSeeds: 50,
    plant: {
      wiring: (parts) => ({
        ...parts,
        next: nexts.withoutAborts,
        createUnderWay: () => dropsUnwanted(parts.createUnderWay()),
      }),
    },
  },
  planted('cancel ignored', { next: nexts.uncancelled }),
  planted('approval ignored', { handle: handles.unapproved }),
  { ...planted('a deny is beaten by an approval', { handle: handles.approvedBeatsDenied }), focus: almostTooMuch },
  planted('an edited input runs unapproved', { handle: handles.editedIsApproved }),
  planted('a person votes two times', { handle: handles.doubleVotes }, 150),
  planted('any one person is a quorum', { handle: handles.anyoneIsAQuorum }),
  planted('the requester approves their own work', { handle: handles.requesterVotes }, 150),
  { ...planted('an expired approval approved', { handle: handles.neverExpired }), focus: impatient },
  planted('an approval answered two times', { handle: handles.answeredAgain }),
  planted('an approval that never expires', { next: nexts.neverExpires }),
  { ...planted('a stale verdict taken', { handle: handles.staleVerdicts }), focus: slowlyTooMuch },
  planted('policy asked one time only', { next: nexts.judgedOnce }),
  planted('a key that changes with the attempt', { handle: handles.keyOfAttempt }),
  planted('retries beyond what the tool declares', { handle: handles.retriedForEver }, 600),
  planted('a failure taken for proof that nothing happened', { handle: handles.failureIsProof }),
  { ...planted('an unsafe call given up while it may run', { next: nexts.lostAtOnce }, 500), focus: frozen },
  planted('a turn begun while an outcome is unknown', { next: nexts.carelessOfUnknown }),
  planted('the same effect under a new call id', { handle: handles.withoutEffects }, 200),
  planted('calls side by side without a cap', { next: nexts.allSideBySide }, 150),
  planted('writes side by side', { next: nexts.writesSideBySide }),
  planted('budget not reserved', { next: nexts.unreserved }),
  planted('the budget of calls ignored', { next: nexts.withBudget({ maxCalls: null }) }),
  planted('the budget of turns ignored', { next: nexts.withBudget({ maxTurns: 1_000 }) }),
  { ...planted('the wall clock ignored', { next: nexts.withBudget({ maxWallClockMs: 1e12 }) }), focus: hurried },
  planted('the limit of events ignored', { next: nexts.withBudget({ maxEvents: 1e9 }) }),
  planted('a message lost at the end', { next: nexts.deafAtTheEnd }),
  stored('no fence and no version', stores.unfencedAppends),
  stored('intent after the effect', stores.appendsLater),
  stored('a pass written in halves', stores.appendsInHalves),
  stored('acknowledged before the commit', stores.acknowledgesEarly),
  stored('a cancel lost', stores.forgetsCancels),
  { ...stored('a late outcome taken as the outcome', stores.takesLateOutcomes), focus: frozen },
  { ...stored('a lost wake at rest', stores.restsAnyway), focus: sociable },
  stored('a wake that was never set', stores.forgetsWakes),
  { ...stored('deaths forgotten', stores.forgetsDeaths), focus: withFaults({ crash: 0.03 }) },
  stored('a read that skips an event', stores.skipsAnEvent),
  { ...stored('a snapshot of no moment', stores.snapshotOfNoMoment), focus: talkative },
  stored('an approval listed after its answer', stores.keepsAnsweredApprovals),
  stored('a list of every tenant', stores.listsEveryTenant),
  stored('a session found by its id alone', stores.findsByIdAlone),
  {
    name: 'the living taken for dead',
    withinSeeds: WITHIN_SEEDS,
    plant: { environment: (made) => ({ ...made, env: { ...made.env, isDead: () => true } }) },
  },
]

function planted(name: string, changed: Partial<Wiring>, withinSeeds = WITHIN_SEEDS): PlantedBug {
  return { name, withinSeeds, plant: { wiring: (parts) => ({ ...parts, ...changed }) } }
}

function stored(name: string, store: NonNullable<Plant['store']>): PlantedBug {
  return { name, withinSeeds: WITHIN_SEEDS, plant: { store } }
}

function leavesAtArrival(underWay: UnderWay): UnderWay {
  return wrap(underWay, { arrived: (key) => underWay.committed(key) })
}

function dropsUnwanted(underWay: UnderWay): UnderWay {
  return wrap(underWay, {
    keepOnly: (wanted) => {
      for (const [key, entry] of [...underWay.entries()]) {
        if (wanted.has(key)) continue
        entry.controller.abort(new Error('dropped'))
        underWay.committed(key)
      }
    },
  })
}

function wrap(underWay: UnderWay, changed: Partial<UnderWay>): UnderWay {
  return new Proxy(underWay, { get: (target, key) => Reflect.get(Object.hasOwn(changed, key) ? changed : target, key) })
}
