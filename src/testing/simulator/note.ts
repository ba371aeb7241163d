/** Notes events in an observer's record: a table of its own, beside the reducers and not from them. */
import type { EventKind, EventOf, LogEvent, PawlEvent } from '../../core/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { beginTurn } from './begin-turn.ts'
import { memoryNotes } from './note-memory.ts'
import { planNotes, reopenPlan } from './note-plan.ts'
import { type CallRecord, freshCall, loopOf, ROOT, type SessionRecord } from './record.ts'
import { forgetFailures, isGivenUp, memoryPurposes, requestKey } from './request-key.ts'
import type { Expected } from './world.ts'

type Noting = { readonly seq: number; readonly expected: Expected }
type Notes = { readonly [K in EventKind]?: (record: SessionRecord, event: EventOf<K>, noting: Noting) => void }

/** Notes an event after it was checked. */
export function note(record: SessionRecord, logEvent: LogEvent, expected: Expected): void {
  const { event, seq } = logEvent
  countDriven(record, logEvent)
  record.log.push(logEvent)
  if ('commandId' in event && event.commandId !== undefined) record.commandIds.set(event.commandId, seq)
  if (endsBlock.has(event.type)) record.parked = null
  // The table pairs each kind with its own note.
  const noteIt = notes[event.type] as ((record: SessionRecord, event: PawlEvent, noting: Noting) => void) | undefined
  noteIt?.(record, event, { seq, expected })
}

const notes: Notes = {
  ...planNotes,
  ...memoryNotes,
  session_started: (record, event) => {
    record.started = event
  },
  message_received: (record, { text }, { seq }) => {
    record.said.push({ seq, text })
    loopOf(record, ROOT).turns = 0
    record.drivenMs = 0
    record.hasEnding = false
    if (record.ended !== null) reopenPlan(record)
    record.plan.replans = 0
    record.ended = null
  },
  budget_extended: (record, event) => {
    const { extended, ended } = record
    extended.tokens += event.tokens ?? 0
    extended.costMicroUsd += event.costMicroUsd ?? 0
    extended.calls += event.calls ?? 0
    extended.events += event.events ?? 0
    if (ended === null || !reopenedByBudget.has(ended.reason)) return
    reopenPlan(record)
    record.ended = null
  },
  cancel_requested: (record, _, { seq }) => {
    record.cancelSeq = seq
  },
  session_ended: (record, event) => {
    record.ended = event
  },
  session_parked: (record, { reason }) => {
    record.parked = reason
  },
  model_started: (record, event) => {
    const loop = loopOf(record, event.taskId)
    const isOfMemory = memoryPurposes.has(event.purpose)
    // Requests of memory are no turns, and are left out where turns are counted.
    const turn = isOfMemory ? event.turn : event.turn - loop.memoryTurns
    loop.requestKey = requestKey({ ...event, turn })
    record.requests.set(loop.requestKey, event.contextSeq)
    record.asking.set(event.taskId, event)
    record.fence = Math.max(record.fence, event.fence)
    if (isOfMemory) {
      record.memory.askedSeq.set(event.taskId, event.contextSeq)
      if (event.attempt === 1) loop.memoryTurns += 1
      return
    }
    loop.contextSeq = event.contextSeq
    if (event.purpose !== 'decide') return
    loop.isTurnOpen = true
    if (event.attempt === 1) loop.turns += 1
  },
  model_responded: (record, { taskId, response, costMicroUsd }) => {
    if (memoryPurposes.has(record.asking.get(taskId)?.purpose ?? '')) forgetFailures(loopOf(record, taskId))
    const { usage } = response
    if (usage === null) return chargeReservation(record, taskId)
    record.tokens += usage.inputTokens + usage.outputTokens
    record.costMicroUsd += costMicroUsd
    record.asking.delete(taskId)
  },
  model_failed: (record, { taskId, retryAt, error }) => {
    const { purpose = 'decide' } = record.asking.get(taskId) ?? {}
    chargeReservation(record, taskId)
    const loop = loopOf(record, taskId)
    // Without memory's own request the turn goes on.
    if (isGivenUp(purpose, retryAt)) return forgetFailures(loop)
    loop.requestsFailed += 1
    loop.requestAgainAt = error.code === 'aborted' ? 0 : retryAt
  },
  model_lost: (record, { taskId }) => chargeReservation(record, taskId),
  decision_recorded: (record, event, { expected }) => {
    const { taskId } = event
    const loop = loopOf(record, taskId)
    beginTurn(loop)
    loop.turnCalls = event.callIds
    loop.isTurnOpen = false
    if (taskId === ROOT) record.hasEnding = false
    const responded = record.log.findLast(
      ({ event: each }) => each.type === 'model_responded' && each.taskId === taskId,
    )?.event
    if (responded?.type !== 'model_responded') return
    loop.text = textOf(responded)
    const parts = responded.response.parts.filter((part) => part.type === 'call' || part.type === 'invalid_call')
    for (const [index, callId] of event.callIds.entries()) {
      const part = parts[index]
      const tool = part?.tool ?? ''
      const effect = expected.effectOf(tool)
      const isWrite = effect === 'unsafe' || effect === 'idempotent'
      const input = part?.type === 'call' ? part.input : null
      record.calls.set(callId, freshCall({ callId, taskId, tool, isWrite, input }))
    }
  },
  call_judged: (record, { callId, judgement, raised, fence }, { seq }) => {
    const call = record.calls.get(callId)
    record.fence = Math.max(record.fence, fence)
    if (call !== undefined && judgement.type === 'control') call.isControl = true
    if (call === undefined || judgement.type !== 'verdict') return
    const verdict = raised ?? judgement.verdict
    call.verdict = judgement.verdict
    call.judgedFence = fence
    call.judgedSeq = seq
    if (judgement.input !== undefined) call.input = judgement.input
    call.approvalHash = judgement.terms.approvalHash
    record.judged.set(call.approvalHash, canonicalJson([callId, call.input ?? null]))
    call.isDenied = judgement.verdict.type === 'deny' || verdict.type === 'deny'
    call.needsApproval = judgement.verdict.type === 'require_approval' || verdict.type === 'require_approval'
  },
  call_started: (record, { callId, attempt, fence }) => {
    record.calls.get(callId)?.started.add(attempt)
    record.running.add(`${callId}/${attempt}`)
    record.fence = Math.max(record.fence, fence)
    record.callsStarted += 1
  },
  call_lost: (record, { callId, attempt }) => {
    record.running.delete(`${callId}/${attempt}`)
  },
  call_finished: (record, event) => {
    const { callId, attempt, outcome } = event
    record.running.delete(`${callId}/${attempt}`)
    const call = record.calls.get(callId)
    if (call === undefined) return
    call.finished.add(attempt)
    call.isOver = event.retryAt === undefined
    call.outcome = outcome
    if (event.ending !== undefined && call.taskId === ROOT && hasSeenAll(record)) record.hasEnding = true
    if (event.retryAt !== undefined) {
      call.retries += 1
      call.retryAt = event.retryAt
      record.retries += 1
    } else if (outcome.type === 'unknown') record.unknown.add(callId)
  },
  call_settled: (record, event) => {
    const call = record.calls.get(event.callId)
    record.unknown.delete(event.callId)
    if (call !== undefined) settle(call, event)
  },
  approval_requested: (record, event) => {
    if (event.subject?.type === 'plan' && record.plan.proposed !== null) record.plan.proposed.approval = 'asked'
    record.open.set(event.approvalId, { ...event, input: record.calls.get(event.callId)?.input, votes: new Set() })
  },
  approval_voted: (record, { approvalId, by }) => {
    record.open.get(approvalId)?.votes.add(by)
  },
  approval_resolved: (record, event, { seq }) => {
    const { approvalId, resolution } = event
    const asked = record.open.get(approvalId)
    if (asked?.subject?.type === 'plan' && record.plan.proposed !== null)
      record.plan.proposed.approval = resolution === 'approved' ? 'approved' : 'refused'
    record.open.delete(approvalId)
    record.resolved.set(approvalId, resolution)
    const call = asked && record.calls.get(asked.callId)
    if (asked === undefined || call === undefined) return
    if (resolution === 'edited') call.input = event.input
    if (resolution === 'edited') call.injected = undefined
    if (resolution === 'edited') call.isApprovedSinceEdit = false
    if (resolution !== 'approved') return
    call.approvedSeq = seq
    call.isApprovedSinceEdit = true
    for (const reason of asked.reason.split(', ')) call.approvedReasons.add(reason)
    call.approvedHashes.add(asked.hash)
    call.approvedInputs.set(canonicalJson([asked.input ?? null]), asked.votes)
  },
}

const reopenedByBudget: ReadonlySet<string> = new Set(['token_budget', 'cost_cap', 'event_limit'])

function settle(call: CallRecord, { settlement, output = null }: EventOf<'call_settled'>): void {
  if (settlement === 'took_effect') call.outcome = { type: 'ok', output }
  if (settlement === 'did_not_take_effect') call.outcome = { type: 'retryable_error', message: '' }
  if (settlement !== 'run_again') return
  call.outcome = null
  call.runAgain += 1
  call.isOver = false
}

/** The newest request was shown what people said last. */
function hasSeenAll(record: SessionRecord): boolean {
  return loopOf(record, ROOT).contextSeq >= (record.said.at(-1)?.seq ?? 0)
}

/** An attempt without usage counts as all that was set aside for it. */
function chargeReservation(record: SessionRecord, taskId: string): void {
  const { tokens = 0, costMicroUsd = 0 } = record.asking.get(taskId)?.reserved ?? {}
  record.tokens += tokens
  record.costMicroUsd += costMicroUsd
  record.asking.delete(taskId)
}

/** The text of an answer, as a task's result is. */
function textOf({ response }: EventOf<'model_responded'>): string {
  return response.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

/** Time in which a model or a tool was at work; what ends with a loss was spent dead. */
function countDriven(record: SessionRecord, { event, at }: LogEvent): void {
  const last = record.log.at(-1)
  const isDriven = record.asking.size > 0 || record.running.size > 0
  if (last === undefined || !isDriven || event.type === 'model_lost' || event.type === 'call_lost') return
  record.drivenMs += at - last.at
}

/** What people do may end a block, and so does an end or an expiry. */
const endsBlock: ReadonlySet<EventKind> = new Set([
  'message_received',
  'budget_extended',
  'cancel_requested',
  'call_settled',
  'approval_resolved',
  'session_ended',
])
