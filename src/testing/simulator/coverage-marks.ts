import { memoryMarks } from './memory-marks.ts'
import { planMarks } from './plan-marks.ts'

const loopMarks = [
  'fence lost between intent and effect', // an attempt was lost that had never begun
  'lease expired with an unsafe call under way', // an unsafe attempt was lost that had begun
  'an effect that landed was repeated under its key', // an idempotent call landed, was lost, and ran again
  'a request to a model was lost',
  'verify found the effect', // the tool of a lost unsafe call said that it took effect
  'verify found nothing', // the tool of a lost unsafe call said that it did not
  'late outcome offered for an unknown call', // late_outcome_noted while a person had to settle the call
  'unsafe call settled by a person: took effect',
  'unsafe call settled by a person: did not take effect',
  'unsafe call settled by a person: run again',
  'a tool was abandoned after its grace', // it ignored its signal
  'a call was aborted before it began', // its intent stood in the log when the session was cancelled
  'poison', // a session was parked at the third death
  'a session driven alone', // its claims had died twice
  'claimed from a dead holder', // a machine knew that the process was gone
  'claimed from a lease that ran out', // nobody knew whether the holder was dead
  'drained with an unsafe call under way',
  'told to stop while a driver read', // a pass was cut short: seed 4888 left its session to nobody
  'message reopened an ended session',
  'message arrived while the model was asked',
  'extend_budget after a stop',
  'extend_budget of a blocked session',
  'stopped: turn_budget',
  'stopped: token_budget',
  'stopped: cost_cap',
  'stopped: wall_clock',
  'stopped: event_limit',
  'the budget of calls was used',
  'cancel while the model was asked',
  'cancel while an unsafe call ran',
  'cancel while people were asked', // the approval was superseded
  'commit whose answer was lost carried a cancel',
  'commit whose answer was lost carried an intent',
  'a conflict undone with a call outcome in it',
  'a pass under the head row’s lock', // it had lost its race twice
  'vote under the head row’s lock', // it had lost its race once
  'a driver was told that its fence is gone',
  'a release refused since the log had moved',
  'a release was applied and its answer lost', // seed 46815: nobody holds it, and its driver does not know
  'an old activation read a newer one’s intent', // seed 3153: a release was applied and its answer lost
  'approval answered while the worker was frozen', // the one that had asked
  'quorum half met at a crash',
  'quorum met by two people',
  'approval expired',
  'edit voided earlier votes',
  'an edited input ran',
  'a question was answered',
  'refused: a second answer',
  'refused: voted twice',
  'refused: the requester may not vote',
  'refused: another hash was looked at',
  'refused: another tenant',
  'a command was repeated',
  'the same effect under a new id was held',
  'a call was retried',
  'a write behind a failed one was blocked',
  'policy looked at an older state', // call_judged with its own epoch
  'a request to a model was retried',
  'a state was loaded from a snapshot',
  'two tenants with one session id', // the public key is the pair
  'a tool ended its session',
] as const

export type MarkName = (typeof loopMarks | typeof planMarks | typeof memoryMarks)[number]

/**
 * Situations that a run of the simulation must have met, each by name: without them a seed that breaks nothing proves nothing of
 * them. They are noted by observation (what was written, what was asked of the store, who was frozen), never by shipped code.
 */
export const coverageMarks: readonly MarkName[] = [...loopMarks, ...planMarks, ...memoryMarks]

/** How often each was met; names that were not are absent. */
export type MarkCounts = Partial<Record<MarkName, number>>

export function addMarks(sum: MarkCounts, counts: MarkCounts): void {
  // The keys of counts are names of marks.
  for (const name of Object.keys(counts) as MarkName[]) sum[name] = (sum[name] ?? 0) + (counts[name] ?? 0)
}

/** Those that a run did not meet. */
export function missedMarks(counts: MarkCounts): readonly MarkName[] {
  return coverageMarks.filter((name) => (counts[name] ?? 0) === 0)
}
