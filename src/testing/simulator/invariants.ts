/** What must hold after every event. Each has the number of the promise of DESIGN section 8 that it guards. */
import type { EventKind, EventOf, LogEvent } from '../../core/index.ts'
import { callOf, type SessionRecord } from './record.ts'

export type Complaint = { readonly invariant: string; readonly detail: string }

type Checks = { readonly [K in EventKind]?: (record: SessionRecord, event: EventOf<K>) => readonly Complaint[] }

/** Checked against what was known before the event. */
export function check(record: SessionRecord, { seq, at, event }: LogEvent): readonly Complaint[] {
  const last = record.log.at(-1)
  const complaints: Complaint[] = []
  if (seq !== (last?.seq ?? 0) + 1)
    complaints.push({ invariant: 'P13 dense order', detail: `${event.type} has seq ${seq} after ${last?.seq ?? 0}` })
  if (at < (last?.at ?? 0))
    complaints.push({ invariant: 'P13 time never falls', detail: `${event.type} at ${at} after ${last?.at}` })
  if ('commandId' in event && event.commandId !== undefined && record.commandIds.has(event.commandId)) {
    complaints.push({ invariant: 'rule 7: a command once', detail: `${event.commandId} stands twice` })
  }
  // The table pairs each kind with its own check.
  const specific = checks[event.type] as ((record: SessionRecord, event: unknown) => readonly Complaint[]) | undefined
  return specific === undefined ? complaints : [...complaints, ...specific(record, event)]
}

const none: readonly Complaint[] = []

function complain(invariant: string, isBroken: boolean, detail: string): readonly Complaint[] {
  return isBroken ? [{ invariant, detail }] : none
}

const checks: Checks = {
  model_started: (record, event) => [
    ...complain(
      'P9 no intent after a cancel',
      record.cancelSeq !== null,
      `model_started in turn ${event.turn} after the cancel`,
    ),
    ...complain('ended is ended', record.ended !== null, `model_started after ${record.ended?.reason}`),
    ...complain(
      'P10 turns',
      event.attempt === 1 && record.turnsSinceMessage >= record.maxTurns,
      `turn ${record.turnsSinceMessage + 1} of ${record.maxTurns}`,
    ),
  ],
  model_responded: (record, event) => {
    const used = record.tokens + (event.response.usage?.inputTokens ?? 0) + (event.response.usage?.outputTokens ?? 0)
    return [
      ...complain(
        'P10 tokens',
        record.maxTokens !== null && used > record.maxTokens,
        `${used} tokens of ${record.maxTokens}`,
      ),
      ...complain(
        'P6 intent before effect',
        !record.requests.has(`${event.turn}/${event.attempt}`),
        `an answer of ${event.turn}/${event.attempt} without an intent`,
      ),
    ]
  },
  call_started: (record, event) => {
    const call = callOf(record, event.callId)
    return [
      ...complain('P9 no intent after a cancel', record.cancelSeq !== null, `${event.callId} started after the cancel`),
      ...complain('ended is ended', record.ended !== null, `${event.callId} started after ${record.ended?.reason}`),
      ...complain(
        'P10 calls',
        record.maxCalls !== null && record.callsStarted >= record.maxCalls,
        `${event.callId} is call ${record.callsStarted + 1} of ${record.maxCalls}`,
      ),
      ...complain(
        'P4 one start an attempt',
        call.started.has(event.attempt),
        `${event.callId} attempt ${event.attempt} started twice`,
      ),
      ...complain('P4 no start after the outcome', call.isOver, `${event.callId} started after its outcome`),
      ...complain('P7 judged before it starts', call.approvalHash === '', `${event.callId} was never judged`),
      ...complain('P7 denied never starts', call.isDenied, `${event.callId} was denied`),
      ...complain(
        'P7 unapproved never starts',
        call.needsApproval && !call.approvedHashes.has(call.approvalHash),
        `${event.callId} has no live approval`,
      ),
    ]
  },
  call_finished: (record, event) => {
    const call = callOf(record, event.callId)
    return [
      ...complain(
        'P4 one outcome an attempt',
        call.finished.has(event.attempt),
        `${event.callId} attempt ${event.attempt} has two outcomes`,
      ),
      ...complain('P4 one outcome', call.isOver, `${event.callId} ended twice`),
    ]
  },
  call_settled: (record, event) =>
    complain(
      'P4 only unknown is settled',
      !record.unknown.has(event.callId),
      `${event.callId} was settled, and its outcome was not unknown`,
    ),
  approval_resolved: (record, event) =>
    complain(
      'P8 one answer',
      record.resolved.has(event.approvalId),
      `${event.approvalId} was ${record.resolved.get(event.approvalId)} before`,
    ),
  session_ended: (record) => [
    ...complain('ended is ended', record.ended !== null, 'ended twice'),
    ...openCalls(record).flatMap((callId) =>
      complain('an end closes every call', true, `${callId} is open at the end`),
    ),
  ],
}

function openCalls(record: SessionRecord): readonly string[] {
  return [...record.calls.values()].filter((call) => !call.isOver).map((call) => call.callId)
}
