/**
 * Situations that a run of the simulation must have met, each by name: without them a seed that breaks nothing proves nothing of
 * them. They are noted by observation (what was written, what was asked of the store, who was frozen), never by shipped code.
 */
export const coverageMarks = {
  'fence lost between intent and effect': 'an attempt was lost that had never begun',
  'lease expired with an unsafe call under way': 'an unsafe attempt was lost that had begun',
  'an effect that landed was repeated under its key': 'an idempotent call landed, was lost, and ran again',
  'a request to a model was lost': 'model_lost',
  'verify found the effect': 'the tool of a lost unsafe call said that it took effect',
  'verify found nothing': 'the tool of a lost unsafe call said that it did not',
  'late outcome offered for an unknown call': 'late_outcome_noted while a person had to settle the call',
  'unsafe call settled by a person: took effect': 'call_settled',
  'unsafe call settled by a person: did not take effect': 'call_settled',
  'unsafe call settled by a person: run again': 'call_settled',
  'a tool was abandoned after its grace': 'it ignored its signal',
  'a call was aborted before it began': 'its intent stood in the log when the session was cancelled',
  poison: 'a session was parked at the third death',
  'a session driven alone': 'its claims had died twice',
  'claimed from a dead holder': 'a machine knew that the process was gone',
  'claimed from a lease that ran out': 'nobody knew whether the holder was dead',
  'drained with an unsafe call under way': 'a deploy met a payment',
  'told to stop while a driver read': 'a pass was cut short: seed 4888 left its session to nobody',
  'message reopened an ended session': 'message_received after session_ended',
  'message arrived while the model was asked': 'the answer had not seen it',
  'extend_budget after a stop': 'it reopened the session',
  'extend_budget of a blocked session': 'parked with budget',
  'stopped: turn_budget': 'session_ended',
  'stopped: token_budget': 'session_ended',
  'stopped: cost_cap': 'session_ended',
  'stopped: wall_clock': 'session_ended',
  'stopped: event_limit': 'session_ended',
  'the budget of calls was used': 'a call was blocked by it',
  'cancel while the model was asked': 'cancel_requested',
  'cancel while an unsafe call ran': 'cancel_requested',
  'cancel while people were asked': 'the approval was superseded',
  'commit whose answer was lost carried a cancel': 'lost answer',
  'commit whose answer was lost carried an intent': 'lost answer',
  'a conflict undone with a call outcome in it': 'conflict',
  'a pass under the head row’s lock': 'it had lost its race twice',
  'vote under the head row’s lock': 'it had lost its race once',
  'a driver was told that its fence is gone': 'append',
  'a release refused since the log had moved': 'release',
  'a release was applied and its answer lost': 'seed 46815: nobody holds it, and its driver does not know',
  'an old activation read a newer one’s intent': 'seed 3153: a release was applied and its answer lost',
  'approval answered while the worker was frozen': 'the one that had asked',
  'quorum half met at a crash': 'one of two votes stood',
  'quorum met by two people': 'approval_resolved',
  'approval expired': 'nobody answered in time',
  'edit voided earlier votes': 'approval_resolved',
  'an edited input ran': 'call_started',
  'a question was answered': 'call_finished',
  'refused: a second answer': 'already_resolved',
  'refused: voted twice': 'already_voted',
  'refused: the requester may not vote': 'requester_may_not_vote',
  'refused: another hash was looked at': 'hash_mismatch',
  'refused: another tenant': 'unknown_session',
  'a command was repeated': 'its id stood in the log',
  'the same effect under a new id was held': 'repeats',
  'a call was retried': 'retryAt',
  'a write behind a failed one was blocked': 'earlier_write',
  'policy looked at an older state': 'call_judged with its own epoch',
  'a request to a model was retried': 'the second attempt of a turn',
  'a state was loaded from a snapshot': 'load',
  'two tenants with one session id': 'the public key is the pair',
  'a tool ended its session': 'endsSession',
} as const

export type MarkName = keyof typeof coverageMarks

/** How often each was met; names that were not are absent. */
export type MarkCounts = Partial<Record<MarkName, number>>

export function addMarks(sum: MarkCounts, counts: MarkCounts): void {
  // The keys of counts are names of marks.
  for (const name of Object.keys(counts) as MarkName[]) sum[name] = (sum[name] ?? 0) + (counts[name] ?? 0)
}

/** Those that a run did not meet. */
export function missedMarks(counts: MarkCounts): readonly MarkName[] {
  // The keys of the table are the names.
  return (Object.keys(coverageMarks) as MarkName[]).filter((name) => (counts[name] ?? 0) === 0)
}
