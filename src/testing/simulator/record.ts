/** What an observer outside knows of a session, from the events alone and without the reducers that it is to doubt. */
import type { EventOf, LogEvent, Outcome, PawlEvent } from '../../core/index.ts'

export type CallRecord = {
  readonly callId: string
  tool: string
  input: unknown
  /** Attempts whose intent stands in the log. */
  readonly started: Set<number>
  /** Attempts with an outcome. */
  readonly finished: Map<number, Outcome>
  isOver: boolean
  approvalHash: string
  isDenied: boolean
  needsApproval: boolean
  readonly approvedHashes: Set<string>
  runAgain: number
  settlements: number
}

export type SessionRecord = {
  readonly tenant: string
  readonly sessionId: string
  readonly log: LogEvent[]
  readonly calls: Map<string, CallRecord>
  /** Open ones: what was asked, by id. */
  readonly open: Map<string, EventOf<'approval_requested'>>
  readonly resolved: Map<string, string>
  readonly unknown: Set<string>
  readonly commandIds: Set<string>
  /** `turn/attempt` of requests whose intent stands in the log. */
  readonly requests: Set<string>
  cancelSeq: number | null
  ended: EventOf<'session_ended'> | null
  parked: string | null
  turnsSinceMessage: number
  tokens: number
  maxTokens: number | null
  maxTurns: number
  callsStarted: number
  maxCalls: number | null
}

export function freshRecord(tenant: string, sessionId: string): SessionRecord {
  return {
    tenant,
    sessionId,
    log: [],
    calls: new Map(),
    open: new Map(),
    resolved: new Map(),
    unknown: new Set(),
    commandIds: new Set(),
    requests: new Set(),
    cancelSeq: null,
    ended: null,
    parked: null,
    turnsSinceMessage: 0,
    tokens: 0,
    maxTokens: null,
    maxTurns: 0,
    callsStarted: 0,
    maxCalls: null,
  }
}

export function callOf(record: SessionRecord, callId: string): CallRecord {
  const known = record.calls.get(callId)
  if (known !== undefined) return known
  const call: CallRecord = {
    callId,
    tool: '',
    input: null,
    started: new Set(),
    finished: new Map(),
    isOver: false,
    approvalHash: '',
    isDenied: false,
    needsApproval: false,
    approvedHashes: new Set(),
    runAgain: 0,
    settlements: 0,
  }
  record.calls.set(callId, call)
  return call
}

/** Notes an event after it was checked. */
export function note(record: SessionRecord, logEvent: LogEvent): void {
  const { event } = logEvent
  record.log.push(logEvent)
  if ('commandId' in event && event.commandId !== undefined) record.commandIds.add(event.commandId)
  noteSession(record, logEvent)
  noteCall(record, event)
  noteApproval(record, event)
}

function noteSession(record: SessionRecord, { event, seq }: LogEvent): void {
  if (event.type !== 'session_parked') record.parked = clearsPark(event) ? null : record.parked
  if (event.type === 'session_started') {
    record.maxTokens = event.budget.maxTokens
    record.maxTurns = event.budget.maxTurns
    record.maxCalls = event.budget.maxCalls
  } else if (event.type === 'message_received') {
    record.turnsSinceMessage = 0
    record.ended = null
  } else if (event.type === 'budget_extended') {
    record.maxTokens = record.maxTokens === null ? null : record.maxTokens + (event.tokens ?? 0)
    record.maxCalls = record.maxCalls === null ? null : record.maxCalls + (event.calls ?? 0)
    if (record.ended !== null && reopenedByBudget.has(record.ended.reason)) record.ended = null
  } else if (event.type === 'cancel_requested') record.cancelSeq = seq
  else if (event.type === 'session_ended') record.ended = event
  else if (event.type === 'session_parked') record.parked = event.reason
  else if (event.type === 'model_started') {
    record.requests.add(`${event.turn}/${event.attempt}`)
    if (event.attempt === 1) record.turnsSinceMessage += 1
  } else if (event.type === 'model_responded') {
    record.tokens += (event.response.usage?.inputTokens ?? 0) + (event.response.usage?.outputTokens ?? 0)
  }
}

const reopenedByBudget: ReadonlySet<string> = new Set(['token_budget', 'cost_cap', 'event_limit'])

function clearsPark(event: PawlEvent): boolean {
  return event.type !== 'approval_voted' && event.type !== 'late_outcome_noted'
}

function noteCall(record: SessionRecord, event: PawlEvent): void {
  if (event.type === 'call_judged') noteJudged(callOf(record, event.callId), event)
  else if (event.type === 'call_started') {
    callOf(record, event.callId).started.add(event.attempt)
    record.callsStarted += 1
  } else if (event.type === 'call_finished') {
    const call = callOf(record, event.callId)
    call.finished.set(event.attempt, event.outcome)
    call.isOver = event.retryAt === undefined
    if (event.outcome.type === 'unknown') record.unknown.add(event.callId)
  } else if (event.type === 'call_settled') {
    const call = callOf(record, event.callId)
    record.unknown.delete(event.callId)
    call.settlements += 1
    if (event.settlement !== 'run_again') return
    call.runAgain += 1
    call.isOver = false
  }
}

function noteJudged(call: CallRecord, { judgement, raised }: EventOf<'call_judged'>): void {
  if (judgement.type !== 'verdict') return
  const verdict = raised ?? judgement.verdict
  call.approvalHash = judgement.terms.approvalHash
  call.isDenied = verdict.type === 'deny'
  call.needsApproval = judgement.verdict.type === 'require_approval' || verdict.type === 'require_approval'
}

function noteApproval(record: SessionRecord, event: PawlEvent): void {
  if (event.type === 'approval_requested') record.open.set(event.approvalId, event)
  if (event.type !== 'approval_resolved') return
  const requested = record.open.get(event.approvalId)
  record.open.delete(event.approvalId)
  record.resolved.set(event.approvalId, event.resolution)
  if (requested !== undefined && event.resolution === 'approved')
    callOf(record, requested.callId).approvedHashes.add(requested.hash)
}
