/** Sessions and requests to models: cancels, ends, budgets of turns, tokens, money, time and events. */
import { EVENTS_TO_END, type EventOf, type PawlEvent } from '../../core/index.ts'
import { type Checking, type Checks, type Complaint, complain } from './complaint.ts'
import { maxTurnsOf } from './plan-record.ts'
import { WAIT_WANTED, WAIT_WANTED_MS } from './random-model.ts'
import { capOf, loopOf, ROOT, type SessionRecord } from './record.ts'

export const sessionChecks: Checks = {
  model_started: (record, event, checking) => [
    ...checkIntent(record, `the request of turn ${event.turn}`, { ...checking, fence: event.fence }),
    ...checkTurn(record, event, checking),
    ...complain('P6 one request at a time', record.asking.has(event.taskId), () => 'asked while a model is asked'),
    ...complain(
      'P11 a tool has ended the session',
      record.hasEnding && event.taskId === ROOT,
      () => `turn ${event.turn} begins all the same`,
    ),
  ],
  model_responded: (record, event) => [
    ...answered(record, event),
    ...checkUsage(record, event),
    ...overCap(record, 'maxTokens', record.tokens + tokensOf(record, event)),
    ...overCap(record, 'maxCostMicroUsd', record.costMicroUsd + costOf(record, event)),
  ],
  model_failed: (record, event, { at }) => [
    ...answered(record, event),
    ...(event.retryAt === null ? [] : checkRepeat(record, event, { at, retryAt: event.retryAt })),
  ],
  model_lost: (record, event) => answered(record, event),
  session_parked: (record, { reason }) => [
    ...complain('P11 parked with nothing open', reason === 'approval' && record.open.size === 0, () => reason),
    ...complain(
      'P10 blocked only where the budget says so',
      reason === 'budget' && record.started?.budget.whenExhausted !== 'block',
      () => reason,
    ),
    ...complain('P9 a cancelled session ends', record.cancelSeq !== null && reason !== 'poison', () => reason),
  ],
  session_ended: (record, event, { seq }) => [
    ...complain('an end says why', !isReason(record, event.reason, seq), () => event.reason),
    ...complain('an end closes every call', openCalls(record).length > 0, () => `${openCalls(record)} are open`),
    ...complain('an end closes every request', record.asking.size > 0, () => 'a model is asked at the end'),
    ...complain('an end closes every approval', record.open.size > 0, () => `${[...record.open.keys()]} are open`),
    ...complain(
      'P9 a cancelled session ends cancelled',
      (record.cancelSeq !== null) !== (event.reason === 'cancelled'),
      () => `it ended with ${event.reason}`,
    ),
    ...complain(
      'P4 an end names what nobody knows',
      [...record.unknown].sort().join() !== [...event.unresolved].sort().join(),
      () => `unresolved ${event.unresolved}, unknown ${[...record.unknown]}`,
    ),
    ...complain(
      'P1 a message is answered',
      event.reason === 'final_answer' && (record.said.at(-1)?.seq ?? 0) > lastSeen(record),
      () => 'the last message was never shown to a model',
    ),
  ],
}

/** A request of a loop: shown all there is, after its backoff, within its turns, with nothing of the last turn open. */
function checkTurn(
  record: SessionRecord,
  event: EventOf<'model_started'>,
  { seq, at }: Checking,
): readonly Complaint[] {
  const { taskId, contextSeq, purpose } = event
  const { requestAgainAt, turnCalls, turns } = loopOf(record, taskId)
  const open = openCalls(record, taskId)
  const isNewTurn = event.attempt === 1 && purpose === 'decide'
  return [
    ...complain('P6 a model is shown all there is', !isShownAll(record, event, seq), () => `${contextSeq} of ${seq}`),
    ...complain(
      'P10 requests wait before they are repeated',
      requestAgainAt === null || at < requestAgainAt,
      () => `asked at ${at}, not before ${requestAgainAt}`,
    ),
    ...complain('P4 a turn waits for its calls', open.length > 0, () => `${open} are open`),
    ...complain('P10 turns', isNewTurn && turns >= maxTurnsOf(record, taskId), () => `turn ${turns + 1} of ${taskId}`),
    ...complain(
      'P11 what nobody knows is settled first',
      turnCalls.some((callId) => record.unknown.has(callId)),
      () => 'a new turn although an outcome is unknown',
    ),
  ]
}

/** Nothing that is the loop's own stands between what it was shown and its request; what other tasks did meanwhile may. */
function isShownAll(record: SessionRecord, { taskId, contextSeq }: EventOf<'model_started'>, seq: number): boolean {
  if (record.started?.planning === undefined) return contextSeq === seq - 1
  return record.log.slice(contextSeq, seq - 1).every(({ event }) => !isOwn(record, event, taskId))
}

function isOwn(record: SessionRecord, event: PawlEvent, taskId: string): boolean {
  if (event.type === 'message_received') return true
  if ('callId' in event && event.type !== 'task_started') return record.calls.get(event.callId)?.taskId === taskId
  return 'taskId' in event && event.taskId === taskId
}

/** What holds for every intent, of a call or of a request to a model. */
export function checkIntent(
  record: SessionRecord,
  what: string,
  { seq, at, fence }: Checking & { readonly fence: number },
): readonly Complaint[] {
  const maxEvents = capOf(record, 'maxEvents')
  const last = record.log.at(-1)
  const isDriven = record.asking.size > 0 || record.running.size > 0
  const drivenMs = record.drivenMs + (isDriven && last !== undefined ? at - last.at : 0)
  return [
    ...complain('P9 no intent after a cancel', record.cancelSeq !== null, () => `${what} after the cancel`),
    ...complain('P3 an old fence commits nothing', fence < record.fence, () => `${what} under fence ${fence}`),
    ...complain('P10 events', maxEvents !== null && seq > maxEvents, () => `${what} at ${seq} of ${maxEvents}`),
    ...complain('P11 poison is left alone', record.parked === 'poison', () => `${what} in a poisoned session`),
    ...complain(
      'P10 wall clock',
      drivenMs > (record.started?.budget.maxWallClockMs ?? 0),
      () => `${what} after ${drivenMs} ms`,
    ),
  ]
}

/** Of all tasks, or of one. */
export function openCalls(record: SessionRecord, taskId?: string): readonly string[] {
  return [...record.calls.values()]
    .filter((call) => !call.isOver && (taskId === undefined || call.taskId === taskId))
    .map((call) => call.callId)
}

/** Whether a session may end for this reason, as far as the log shows. */
function isReason(record: SessionRecord, reason: EventOf<'session_ended'>['reason'], seq: number): boolean {
  const { budget } = record.started ?? {}
  const { isTurnOpen, turns } = loopOf(record, ROOT)
  if (reason === 'turn_budget') return !isTurnOpen && turns >= (budget?.maxTurns ?? 0)
  if (reason === 'event_limit') return seq + EVENTS_TO_END >= (capOf(record, 'maxEvents') ?? 0)
  if (reason === 'wall_clock') return (budget?.maxWallClockMs ?? 0) < LONG_MS
  if (reason === 'token_budget') return budget?.maxTokens !== null && budget?.whenExhausted === 'stop'
  if (reason === 'cost_cap') return budget?.maxCostMicroUsd !== null && budget?.whenExhausted === 'stop'
  return true
}

/** A wall clock that no simulation reaches. */
const LONG_MS = 600_000

type Repeat = { readonly at: number; readonly retryAt: number }

/** Within the attempts of a turn, after the backoff, and not before the provider wants it. */
function checkRepeat(record: SessionRecord, { taskId, error }: EventOf<'model_failed'>, { at, retryAt }: Repeat) {
  const { transportAttempts = 0, transportBackoffMs = 0 } = record.started?.limits ?? {}
  const { requestsFailed } = loopOf(record, taskId)
  const wanted = error.message.includes(WAIT_WANTED) ? WAIT_WANTED_MS : 0
  return [
    ...complain(
      'P10 attempts of a request',
      requestsFailed + 1 >= transportAttempts,
      () => `${requestsFailed + 1} of ${transportAttempts} have failed, and another is to come`,
    ),
    ...complain(
      'P10 requests wait before they are repeated',
      retryAt - at < Math.max(transportBackoffMs / 2, wanted),
      () => `again after ${retryAt - at} ms`,
    ),
  ]
}

/** The newest request of the session's own loop was shown the log up to here; a plan is gone about as the message wanted it. */
function lastSeen(record: SessionRecord): number {
  return Math.max(loopOf(record, ROOT).contextSeq, record.plan.isExecuting ? record.plan.routedSeq : 0)
}

type OfAttempt = { readonly taskId: string; readonly turn: number; readonly attempt: number }

function answered(record: SessionRecord, { taskId, turn, attempt }: OfAttempt): readonly Complaint[] {
  const request = record.asking.get(taskId)
  return complain(
    'P6 intent before effect',
    request === undefined || request.turn !== turn || request.attempt !== attempt,
    () => `an answer of ${turn}/${attempt}, which is not under way`,
  )
}

/** A model whose prompt says whose it is was heard. */
function checkUsage(record: SessionRecord, { taskId, response }: EventOf<'model_responded'>): readonly Complaint[] {
  const { inputTokens, outputTokens } = response.usage ?? {}
  const used = record.used.get(loopOf(record, taskId).requestKey)
  return complain(
    'P10 what is charged is what was used',
    used !== undefined && (used?.inputTokens !== inputTokens || used?.outputTokens !== outputTokens),
    () => `${JSON.stringify(response.usage)} of ${JSON.stringify(used)}`,
  )
}

function overCap(record: SessionRecord, cap: 'maxTokens' | 'maxCostMicroUsd', used: number): readonly Complaint[] {
  const most = capOf(record, cap)
  return complain(`P10 ${cap}`, most !== null && used > most, () => `${used} of ${most}`)
}

function tokensOf(record: SessionRecord, { taskId, response: { usage } }: EventOf<'model_responded'>): number {
  return usage === null ? (record.asking.get(taskId)?.reserved.tokens ?? 0) : usage.inputTokens + usage.outputTokens
}

function costOf(record: SessionRecord, { taskId, response, costMicroUsd }: EventOf<'model_responded'>): number {
  return response.usage === null ? (record.asking.get(taskId)?.reserved.costMicroUsd ?? 0) : costMicroUsd
}
