/** Sessions and requests to models: cancels, ends, budgets of turns, tokens, money, time and events. */
import { EVENTS_TO_END, type EventOf } from '../../core/index.ts'
import { type Checking, type Checks, type Complaint, complain } from './complaint.ts'
import { WAIT_WANTED, WAIT_WANTED_MS } from './random-model.ts'
import { capOf, type SessionRecord } from './record.ts'

export const sessionChecks: Checks = {
  model_started: (record, event, checking) => [
    ...checkIntent(record, `the request of turn ${event.turn}`, { ...checking, fence: event.fence }),
    ...complain('P6 a model is shown all there is', event.contextSeq !== checking.seq - 1, () => `${event.contextSeq}`),
    ...complain(
      'P10 requests wait before they are repeated',
      record.requestAgainAt === null || checking.at < record.requestAgainAt,
      () => `asked at ${checking.at}, not before ${record.requestAgainAt}`,
    ),
    ...complain('P6 one request at a time', record.request !== null, () => 'asked while a model is asked'),
    ...complain('P4 a turn waits for its calls', openCalls(record).length > 0, () => `${openCalls(record)} are open`),
    ...complain(
      'P10 turns',
      event.attempt === 1 && record.turnsSinceMessage >= (record.started?.budget.maxTurns ?? 0),
      () => `turn ${record.turnsSinceMessage + 1} since the last message`,
    ),
    ...complain('P11 a tool has ended the session', record.hasEnding, () => `turn ${event.turn} begins all the same`),
    ...complain(
      'P11 what nobody knows is settled first',
      record.turnCalls.some((callId) => record.unknown.has(callId)),
      () => 'a new turn although an outcome is unknown',
    ),
  ],
  model_responded: (record, event) => [
    ...answered(record, event),
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
    ...complain('an end closes every request', record.request !== null, () => 'a model is asked at the end'),
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

/** What holds for every intent, of a call or of a request to a model. */
export function checkIntent(
  record: SessionRecord,
  what: string,
  { seq, at, fence }: Checking & { readonly fence: number },
): readonly Complaint[] {
  const maxEvents = capOf(record, 'maxEvents')
  const last = record.log.at(-1)
  const isDriven = record.request !== null || record.running.size > 0
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

export function openCalls(record: SessionRecord): readonly string[] {
  return [...record.calls.values()].filter((call) => !call.isOver).map((call) => call.callId)
}

/** Whether a session may end for this reason, as far as the log shows. */
function isReason(record: SessionRecord, reason: EventOf<'session_ended'>['reason'], seq: number): boolean {
  const { budget } = record.started ?? {}
  if (reason === 'turn_budget') return !record.isTurnOpen && record.turnsSinceMessage >= (budget?.maxTurns ?? 0)
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
function checkRepeat(record: SessionRecord, { error }: EventOf<'model_failed'>, { at, retryAt }: Repeat) {
  const { transportAttempts = 0, transportBackoffMs = 0 } = record.started?.limits ?? {}
  const wanted = error.message.includes(WAIT_WANTED) ? WAIT_WANTED_MS : 0
  return [
    ...complain(
      'P10 attempts of a request',
      record.requestsFailed + 1 >= transportAttempts,
      () => `${record.requestsFailed + 1} of ${transportAttempts} have failed, and another is to come`,
    ),
    ...complain(
      'P10 requests wait before they are repeated',
      retryAt - at < Math.max(transportBackoffMs / 2, wanted),
      () => `again after ${retryAt - at} ms`,
    ),
  ]
}

/** Of the newest request: its last attempt was shown the log up to here. */
function lastSeen(record: SessionRecord): number {
  return [...record.requests.values()].at(-1) ?? 0
}

type OfAttempt = { readonly turn: number; readonly attempt: number }

function answered(record: SessionRecord, { turn, attempt }: OfAttempt): readonly Complaint[] {
  const { request } = record
  return complain(
    'P6 intent before effect',
    request === null || request.turn !== turn || request.attempt !== attempt,
    () => `an answer of ${turn}/${attempt}, which is not under way`,
  )
}

function overCap(record: SessionRecord, cap: 'maxTokens' | 'maxCostMicroUsd', used: number): readonly Complaint[] {
  const most = capOf(record, cap)
  return complain(`P10 ${cap}`, most !== null && used > most, () => `${used} of ${most}`)
}

function tokensOf(record: SessionRecord, { response: { usage } }: EventOf<'model_responded'>): number {
  return usage === null ? (record.request?.reserved.tokens ?? 0) : usage.inputTokens + usage.outputTokens
}

function costOf(record: SessionRecord, { response, costMicroUsd }: EventOf<'model_responded'>): number {
  return response.usage === null ? (record.request?.reserved.costMicroUsd ?? 0) : costMicroUsd
}
