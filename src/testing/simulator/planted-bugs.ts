/**
 * Bugs that the simulator must catch: each takes one rule away, in the wiring, the store or the machine, and is found by the same
 * generator and the same invariants as everything else. None of them is in a shipped path.
 */
import {
  almostTooMuch,
  deadly,
  deadlyPaying,
  editing,
  failing,
  forgetful,
  frozen,
  hurried,
  impatient,
  interrupted,
  slowlyTooMuch,
  sluggish,
  stalled,
  stalledNoting,
  uncertain,
  untold,
} from './focus.ts'
import { type PlantedBug, planted, WITHIN_SEEDS } from './planted-bug.ts'
import { plantedInMemory } from './planted-bugs-memory.ts'
import { plantedInPlans } from './planted-bugs-plans.ts'
import { plantedInStores } from './planted-bugs-stores.ts'
import * as drivers from './planted-drivers.ts'
import * as handles from './planted-handles.ts'
import * as nexts from './planted-nexts.ts'
import * as stores from './planted-stores.ts'

export const plantedBugs: readonly PlantedBug[] = [
  { ...planted('next without the fence', ['P5 unsafe never twice'], { next: nexts.unfenced }), focus: deadlyPaying },
  {
    ...planted('a request without the fence', ['P6 one request an intent'], { next: nexts.unfencedRequests }),
    focus: deadly,
  },
  {
    // Guarded three times: `next` asks only for what was started under its own fence, the driver looks at its lease before any
    // start, and it claims anew where a release may have been applied. Here the first and the last fall, while the lease holds.
    name: 'an old activation runs what a newer one has started',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['P5 unsafe never twice'],
    plant: { wiring: (parts) => ({ ...parts, next: nexts.runsWhatIsNewer }), store: stores.clearReleases },
    focus: forgetful,
  },
  {
    name: 'an action leaves "under way" when its promise settles',
    withinSeeds: WITHIN_SEEDS,
    caughtBy: ['P5 unsafe never twice'],
    plant: { wiring: (parts) => ({ ...parts, createUnderWay: () => drivers.leavesAtArrival(parts.createUnderWay()) }) },
    focus: interrupted,
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
    focus: stalledNoting,
  },
  {
    ...planted('no lease check before a request', ['P3 an old fence starts nothing'], {
      mayStart: drivers.requestsWithoutLease,
    }),
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
  planted('a person votes two times', ['P8 one vote a person'], { handle: handles.doubleVotes }),
  planted('any one person is a quorum', ['P8 quorum'], { handle: handles.anyoneIsAQuorum }),
  planted('the requester approves their own work', ['P8 not by the requester'], { handle: handles.requesterVotes }),
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
  planted('calls side by side without a cap', ['P10 calls side by side'], { next: nexts.allSideBySide }),
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
  planted('two requests side by side', ['P6 one request at a time'], { next: nexts.asksBesides }),
  planted('a turn begun while calls are open', ['P4 a turn waits for its calls'], { next: nexts.impatientTurns }),
  planted('an end by a tool ignored', ['P11 a tool has ended the session'], { next: nexts.deafToEndings }),
  planted('a request that leaves the newest event out', ['P6 a model is shown all there is'], {
    next: nexts.shownLess,
  }),
  {
    ...planted('an end that does not say what nobody knows', ['P4 an end names what nobody knows'], {
      next: nexts.silentEnds,
    }),
    focus: untold,
  },
  planted('an approval expired as soon as it is asked', ['P8 nothing expires early'], { next: nexts.expiresAtOnce }),
  planted('a session blocked that was to stop', ['P10 blocked only where the budget says so'], {
    next: nexts.withBudget({ whenExhausted: 'block' }),
  }),
  planted('a request repeated before its time', ['P10 requests wait before they are repeated'], {
    next: nexts.restlessRequests,
  }),
  planted('a request repeated without a backoff', ['P10 requests wait before they are repeated'], {
    handle: handles.withLimits({ transportBackoffMs: 0 }),
  }),
  {
    ...planted('a request repeated for ever', ['P10 attempts of a request'], {
      handle: handles.withLimits({ transportAttempts: 1_000 }),
    }),
    focus: failing,
  },
  planted('a call repeated before its time', ['P10 calls wait before they are repeated'], {
    next: nexts.restlessCalls,
  }),
  planted('a call repeated without a backoff', ['P10 calls wait before they are repeated'], {
    handle: handles.withLimits({ callBackoffMs: 0 }),
  }),
  {
    ...planted('retries beyond what the session has', ['P10 retries of a session'], {
      handle: handles.retriedBeyondTheSession,
    }),
    focus: failing,
  },
  {
    ...planted('a call repeated after a cancel', ['P9 no retry after a cancel'], {
      handle: handles.retriedAfterCancel,
    }),
    focus: failing,
  },
  planted('another output than the tool’s', ['P4 the outcome is what the tool said'], { handle: handles.otherOutput }),
  {
    ...planted('another input than the one that was judged', ['P7 what runs is what was judged'], {
      reduce: handles.editedOtherwise,
    }),
    focus: editing,
  },
  planted('a message shown otherwise than it was said', ['P1 what people said is shown'], {
    reduce: handles.saidOtherwise,
  }),
  planted('one person more asked than policy wants', ['P8 asked as policy said'], { handle: handles.oneMoreIsAsked }),
  planted('people asked about another call', ['P8 asked about what will run'], { handle: handles.askedAboutAnother }),
  planted('one vote more wanted than was asked', ['P8 a quorum resolves at once'], { handle: handles.oneVoteMore }),
  {
    ...planted('a vote on something else', ['P8 voted on what is asked'], { handle: handles.anyHash }),
    focus: almostTooMuch,
  },
  {
    ...planted('an edit approved again and again', ['P8 who edits has approved that once'], {
      handle: handles.editorsVoteAgain,
    }),
    focus: editing,
  },
  ...plantedInStores,
  ...plantedInPlans,
  ...plantedInMemory,
]
