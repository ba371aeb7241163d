/** Calls: one start and one outcome an attempt, order, concurrency, retries, and what policy and people have said. */
import type { EventOf } from '../../core/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { type Checking, type Checks, type Complaint, complain } from './complaint.ts'
import { checkIntent } from './invariants-session.ts'
import { type CallRecord, capOf, loopOf, type SessionRecord } from './record.ts'

export const callChecks: Checks = {
  call_judged: (record, { callId, judgement }) =>
    ofKnown(record, callId, (call) => {
      if (judgement.type !== 'verdict') return []
      const before = record.judged.get(judgement.terms.approvalHash)
      const now = canonicalJson([callId, judgement.input ?? call.input ?? null])
      return complain(
        'P8 a hash is of one call and input',
        before !== undefined && before !== now,
        () => `${before} and ${now}`,
      )
    }),
  call_started: (record, event, checking) =>
    ofKnown(record, event.callId, (call) => [
      ...checkIntent(record, event.callId, { ...checking, fence: event.fence }),
      ...checkAttempt(record, call, { ...event, at: checking.at }),
      ...checkJudgement(call, event),
      ...checkPermission(record, call, checking),
      ...checkOrder(record, call),
    ]),
  call_finished: (record, event, checking) =>
    ofKnown(record, event.callId, (call) => [
      ...complain(
        'P4 one outcome an attempt',
        call.finished.has(event.attempt),
        () => `${event.callId} attempt ${event.attempt} has two outcomes`,
      ),
      ...complain('P4 one outcome', call.isOver, () => `${event.callId} ended twice`),
      ...complain(
        'P4 the newest attempt ends',
        event.attempt < call.started.size,
        () => `${event.callId} attempt ${event.attempt} of ${call.started.size}`,
      ),
      ...complain(
        'P6 intent before effect',
        event.outcome.type === 'ok' && !call.started.has(event.attempt) && !call.isControl && !isAnswer(record, call),
        () => `${event.callId} ended well and had not started`,
      ),
      ...checkUnstarted(call, event),
      ...checkUncertain(call, event, checking),
      ...checkRetry(record, call, { event, checking }),
    ]),
  call_lost: (record, { callId, attempt }) =>
    ofKnown(record, callId, () =>
      complain('P4 only what runs is lost', !record.running.has(`${callId}/${attempt}`), () => `${callId} did not run`),
    ),
  call_settled: (record, event) => [
    ...complain(
      'P4 only unknown is settled',
      !record.unknown.has(event.callId),
      () => `${event.callId} was settled, and its outcome was not unknown`,
    ),
    ...complain(
      'ended is ended',
      event.settlement === 'run_again' && (record.ended !== null || record.cancelSeq !== null),
      () => `${event.callId} will run again`,
    ),
  ],
  late_outcome_noted: (record, { callId }) => ofKnown(record, callId, () => []),
}

function ofKnown(
  record: SessionRecord,
  callId: string,
  then: (call: CallRecord) => readonly Complaint[],
): readonly Complaint[] {
  const call = record.calls.get(callId)
  return call === undefined ? [{ invariant: 'a call was decided', detail: `${callId} is unknown` }] : then(call)
}

function checkAttempt(
  record: SessionRecord,
  call: CallRecord,
  { callId, attempt, at }: EventOf<'call_started'> & { readonly at: number },
): readonly Complaint[] {
  const maxCalls = capOf(record, 'maxCalls')
  return [
    ...complain('P10 calls', maxCalls !== null && record.callsStarted >= maxCalls, () => `${callId} over ${maxCalls}`),
    ...complain('P4 one start an attempt', call.started.has(attempt), () => `${callId} attempt ${attempt} again`),
    ...complain('P4 no start after the outcome', call.isOver, () => `${callId} started after its outcome`),
    ...complain('P10 calls wait before they are repeated', at < call.retryAt, () => `${callId} before ${call.retryAt}`),
    ...complain('P4 one attempt at a time', isRunning(record, call), () => `${callId} runs already`),
    ...complain(
      'P10 calls side by side',
      record.running.size >= (record.started?.limits.maxConcurrentCalls ?? 1),
      () => `${callId} beside ${[...record.running]}`,
    ),
  ]
}

/** Policy is asked by whoever starts the call, and again after people have answered. */
function checkJudgement(call: CallRecord, { fence }: EventOf<'call_started'>): readonly Complaint[] {
  return [
    ...complain('P7 judged by who starts it', call.judgedFence !== fence, () => `judged under ${call.judgedFence}`),
    ...complain('P7 judged after the approval', call.judgedSeq < call.approvedSeq, () => call.callId),
  ]
}

/** What policy has to say is computed anew from the definition; the verdict that the log holds must not be milder. */
function checkPermission(record: SessionRecord, call: CallRecord, { expected }: Checking): readonly Complaint[] {
  const { callId, tool, input } = call
  const expects = expected.verdictOf?.(record, tool, input) ?? { type: 'allow' }
  const quorum = expects.type === 'require_approval' ? (expects.quorum ?? 1) : 0
  const approvers = call.approvedInputs.get(canonicalJson([input ?? null]))
  const requester = record.started?.requester.id
  return [
    ...complain('P7 denied never starts', call.isDenied || expects.type === 'deny', () => `${callId} was denied`),
    ...complain(
      'P7 unapproved never starts',
      call.needsApproval && !call.approvedHashes.has(call.approvalHash),
      () => `${callId} has no live approval`,
    ),
    ...complain(
      'P8 approved by enough people',
      quorum > 0 && (approvers?.size ?? 0) < quorum,
      () => `${callId} wants ${quorum}, and has ${[...(approvers ?? [])]}`,
    ),
    ...complain(
      'P8 not by the requester',
      expects.type === 'require_approval' &&
        expects.notRequester === true &&
        requester !== undefined &&
        approvers?.has(requester) === true,
      () => `${callId} was approved by ${requester}`,
    ),
  ]
}

/** Writes run one after another, in the order proposed; one behind a write that did not end well never runs. */
function checkOrder(record: SessionRecord, call: CallRecord): readonly Complaint[] {
  if (!call.isWrite) return []
  const { turnCalls } = loopOf(record, call.taskId)
  const place = turnCalls.indexOf(call.callId)
  const earlier = turnCalls.slice(0, place).flatMap((callId) => record.calls.get(callId) ?? [])
  const before = earlier.find((each) => each.isWrite && !(each.isOver && each.outcome?.type === 'ok'))
  const beside = [...record.calls.values()].find(
    (each) => each.isWrite && each.taskId === call.taskId && isRunning(record, each),
  )
  return [
    ...complain(
      'write order',
      before !== undefined,
      () => `${call.callId} started before ${before?.callId} ended well`,
    ),
    ...complain('write order', beside !== undefined, () => `${call.callId} started beside ${beside?.callId}`),
    ...complain('write order', place < 0, () => `${call.callId} is of an older turn`),
  ]
}

/** A call that never began ends in words of its own. */
function checkUnstarted(call: CallRecord, { callId, outcome }: EventOf<'call_finished'>): readonly Complaint[] {
  return complain(
    'P4 unknown has begun',
    outcome.type === 'unknown' && call.started.size === 0,
    () => `${callId} is unknown, and never started`,
  )
}

/** An `unsafe` call that began and did not end well is unknown, unless it is certain that nothing happened. */
function checkUncertain(
  call: CallRecord,
  { attempt, outcome, tookEffect }: EventOf<'call_finished'>,
  { expected }: Checking,
): readonly Complaint[] {
  const isCertain = outcome.type === 'ok' || outcome.type === 'unknown' || tookEffect === false
  const isUnsafe = expected.effectOf(call.tool) === 'unsafe' && call.started.has(attempt)
  return complain('P5 what nobody knows is unknown', isUnsafe && !isCertain, () => `${call.callId}: ${outcome.type}`)
}

type Ending = { readonly event: EventOf<'call_finished'>; readonly checking: Checking }

function checkRetry(record: SessionRecord, call: CallRecord, { event, checking }: Ending): readonly Complaint[] {
  if (event.retryAt === undefined) return []
  const declared = checking.expected.retriesOf(call.tool)
  const isUnsafe = checking.expected.effectOf(call.tool) === 'unsafe'
  return [
    ...complain('P5 unsafe is never retried', isUnsafe, () => `${call.callId} will run again`),
    ...complain('P10 retries', call.retries >= declared, () => `${call.callId} over ${declared}`),
    ...complain(
      'P10 retries of a session',
      record.retries >= (record.started?.budget.maxCallRetries ?? 0),
      () => `retry ${record.retries + 1}`,
    ),
    ...complain(
      'P10 calls wait before they are repeated',
      (event.retryAt ?? 0) - checking.at < (record.started?.limits.callBackoffMs ?? 0) / 2,
      () => `${call.callId} again after ${(event.retryAt ?? 0) - checking.at} ms`,
    ),
    ...complain('P9 no retry after a cancel', record.cancelSeq !== null, () => call.callId),
  ]
}

function isRunning(record: SessionRecord, { callId, started }: CallRecord): boolean {
  return [...started].some((attempt) => record.running.has(`${callId}/${attempt}`))
}

/** A question of people has an output and never runs. */
function isAnswer(record: SessionRecord, { callId }: CallRecord): boolean {
  const resolved = record.log.findLast(({ event }) => event.type === 'approval_resolved')?.event
  if (resolved?.type !== 'approval_resolved' || resolved.resolution !== 'answered') return false
  return record.log.some(
    ({ event }) =>
      event.type === 'approval_requested' && event.approvalId === resolved.approvalId && event.callId === callId,
  )
}
