/** What a coverage mark can be read from in the logs: each event, with what was known before it. */
import type { EventKind, EventOf, LogEvent } from '../../core/index.ts'
import type { MarkName } from './coverage-marks.ts'
import { markMemoryEvent } from './mark-memory.ts'
import { markPlanEvent } from './mark-plans.ts'
import type { Outside } from './outside.ts'
import type { SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

type Known = {
  readonly record: SessionRecord
  readonly outside: Outside
  readonly expected: Expected
  /** Whether the process that asked people is frozen now. */
  readonly isFrozen: boolean
  readonly mark: (name: MarkName) => void
}
type Marks = { readonly [K in EventKind]?: (event: EventOf<K>, known: Known) => void }

export function markEvent(logEvent: LogEvent, known: Known): void {
  const { event } = logEvent
  markPlanEvent(logEvent, known.record, known.mark)
  markMemoryEvent(logEvent, known.record, known.mark)
  // The table pairs each kind with its own marks.
  const markIt = marks[event.type] as ((event: unknown, known: Known) => void) | undefined
  markIt?.(event, known)
}

const marks: Marks = {
  message_received: (_, { record, mark }) => {
    if (record.ended !== null) mark('message reopened an ended session')
    if (record.asking.size > 0) mark('message arrived while the model was asked')
  },
  budget_extended: (_, { record, mark }) => {
    const reason = record.ended?.reason
    if (reason === 'token_budget' || reason === 'cost_cap' || reason === 'event_limit')
      mark('extend_budget after a stop')
    if (record.parked === 'budget') mark('extend_budget of a blocked session')
  },
  cancel_requested: (_, { record, expected, mark }) => {
    if (record.asking.size > 0) mark('cancel while the model was asked')
    if (hasUnsafe(record, expected)) mark('cancel while an unsafe call ran')
  },
  session_parked: ({ reason }, { mark }) => {
    if (reason === 'poison') mark('poison')
  },
  session_ended: ({ reason, ending }, { mark }) => {
    if (isMarkedStop(reason)) mark(`stopped: ${reason}`)
    if (ending.type === 'case_opened') mark('a tool ended its session')
  },
  model_started: ({ attempt }, { mark }) => {
    if (attempt > 1) mark('a request to a model was retried')
  },
  model_lost: (_, { mark }) => mark('a request to a model was lost'),
  call_judged: ({ writeEpoch }, { mark }) => {
    if (writeEpoch !== undefined) mark('policy looked at an older state')
  },
  call_started: ({ callId }, { record, mark }) => {
    const wasEdited = record.log.some(
      ({ event }) =>
        event.type === 'approval_resolved' && event.resolution === 'edited' && ofCall(record, event, callId),
    )
    if (wasEdited) mark('an edited input ran')
  },
  call_lost: ({ callId, attempt }, { record, outside, expected, mark }) => {
    const call = record.calls.get(callId)
    if (!outside.hasBegun(record, callId, attempt)) mark('fence lost between intent and effect')
    else if (expected.effectOf(call?.tool ?? '') === 'unsafe') mark('lease expired with an unsafe call under way')
  },
  call_finished: (event, known) => markFinished(event, known),
  call_settled: ({ settlement }, { mark }) => {
    mark(`unsafe call settled by a person: ${settlementWords[settlement]}`)
  },
  late_outcome_noted: ({ callId }, { record, mark }) => {
    if (record.unknown.has(callId)) mark('late outcome offered for an unknown call')
  },
  approval_requested: ({ reason }, { mark }) => {
    if (reason.includes('repeats ')) mark('the same effect under a new id was held')
  },
  approval_resolved: ({ approvalId, resolution }, { record, isFrozen, mark }) => {
    const votes = record.open.get(approvalId)?.votes.size ?? 0
    if (resolution === 'expired') mark('approval expired')
    if (resolution === 'superseded' && record.cancelSeq !== null) mark('cancel while people were asked')
    if (resolution === 'edited' && votes > 0) mark('edit voided earlier votes')
    if (resolution === 'approved' && votes > 1) mark('quorum met by two people')
    if (resolution === 'answered' && record.open.get(approvalId)?.subject === undefined) mark('a question was answered')
    if (isFrozen && resolution !== 'expired' && resolution !== 'superseded')
      mark('approval answered while the worker was frozen')
  },
}

const settlementWords = {
  took_effect: 'took effect',
  did_not_take_effect: 'did not take effect',
  run_again: 'run again',
} as const

function markFinished(event: EventOf<'call_finished'>, { record, outside, mark }: Known): void {
  const { callId, attempt, outcome, verified, retryAt } = event
  if (verified === true && outcome.type === 'ok') mark('verify found the effect')
  if (verified === true && event.tookEffect === false) mark('verify found nothing')
  if (retryAt !== undefined) mark('a call was retried')
  if (outcome.type === 'blocked' && outcome.reason === 'call_budget') mark('the budget of calls was used')
  if (outcome.type === 'blocked' && outcome.reason === 'earlier_write') mark('a write behind a failed one was blocked')
  if ('message' in outcome && outcome.message.includes('did not stop within'))
    mark('a tool was abandoned after its grace')
  const isStarted = record.running.has(`${callId}/${attempt}`)
  if (outcome.type === 'cancelled' && isStarted && !outside.hasBegun(record, callId, attempt))
    mark('a call was aborted before it began')
}

const markedStops = ['turn_budget', 'token_budget', 'cost_cap', 'wall_clock', 'event_limit'] as const

function isMarkedStop(reason: string): reason is (typeof markedStops)[number] {
  return markedStops.some((stop) => stop === reason)
}

export function hasUnsafe({ running, calls }: SessionRecord, expected: Expected): boolean {
  return [...running].some((key) => {
    const call = calls.get(key.slice(0, key.lastIndexOf('/')))
    return call !== undefined && expected.effectOf(call.tool) === 'unsafe'
  })
}

function ofCall({ log }: SessionRecord, { approvalId }: { approvalId: string }, callId: string): boolean {
  return log.some(
    ({ event }) => event.type === 'approval_requested' && event.approvalId === approvalId && event.callId === callId,
  )
}
