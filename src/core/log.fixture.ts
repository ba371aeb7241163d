/** Events as they would stand in a log, with what a test does not care about filled in. */
import type { CallReport } from './command.ts'
import type { CallTerms, EventOf, Judgement, PawlEvent } from './event.ts'
import type { Json } from './json.ts'
import { type Budget, defaultBudget, defaultLimits, type SessionLimits, sessionLimits } from './limits.ts'
import type { AssistantPart, ModelResponse } from './message.ts'
import type { EffectClass, Outcome, Verdict } from './vocabulary.ts'

export type Opening = {
  readonly budget?: Partial<Budget>
  readonly limits?: Partial<SessionLimits>
} & Partial<Omit<EventOf<'session_started'>, 'type' | 'budget' | 'limits'>>

export function started(opening: Opening = {}): EventOf<'session_started'> {
  const { budget, limits, ...rest } = opening
  return {
    type: 'session_started',
    agent: 'clerk',
    definitionHash: 'definition',
    closing: {},
    requester: { type: 'user', id: 'ada' },
    context: {},
    commandId: 'start',
    ...rest,
    budget: { ...defaultBudget, ...budget },
    limits: { ...sessionLimits(defaultLimits), ...limits },
  }
}

export function message(text: string, commandId = `say ${text}`): EventOf<'message_received'> {
  return { type: 'message_received', text, trust: 'user', origin: { type: 'user', id: 'ada' }, commandId }
}

/** A session and its first message. */
export function opened(opening: Opening = {}): readonly PawlEvent[] {
  return [started(opening), message('refund me')]
}

export function asked(turn: number, more: Partial<EventOf<'model_started'>> = {}): EventOf<'model_started'> {
  return {
    type: 'model_started',
    purpose: 'decide',
    taskId: 'root',
    turn,
    attempt: 1,
    fence: 1,
    contextSeq: 2,
    definitionHash: 'definition',
    model: 'scripted',
    reserved: { tokens: 500, costMicroUsd: 0, maxOutputTokens: 400 },
    ...more,
  }
}

export function call(tool: string, input: Json = {}): AssistantPart {
  return { type: 'call', providerCallId: `provider-${tool}`, tool, input }
}

export function unreadableCall(tool: string): AssistantPart {
  return { type: 'invalid_call', providerCallId: 'bad', tool, inputText: '{', problem: 'expected the end' }
}

export function text(words: string): AssistantPart {
  return { type: 'text', text: words }
}

export function response(parts: readonly AssistantPart[], more: Partial<ModelResponse> = {}): ModelResponse {
  return { parts, finish: 'stop', usage: { inputTokens: 30, outputTokens: 20 }, ...more }
}

export type Answered = { readonly attempt?: number; readonly costMicroUsd?: number } & Partial<ModelResponse>

export function responded(
  turn: number,
  parts: readonly AssistantPart[],
  { attempt = 1, costMicroUsd = 0, ...more }: Answered = {},
): EventOf<'model_responded'> {
  return {
    type: 'model_responded',
    taskId: 'root',
    turn,
    attempt,
    response: response(parts, more),
    costMicroUsd,
    latencyMs: 5,
    promptHash: 'prompt',
  }
}

/** A whole turn up to its decision. `first`: the number of its first call. */
export function turn(number: number, parts: readonly AssistantPart[], first = 1): readonly PawlEvent[] {
  const count = parts.filter((part) => part.type === 'call' || part.type === 'invalid_call').length
  const callIds = Array.from({ length: count }, (_, index) => `c${first + index}`)
  const decision = count > 0 ? 'calls' : 'final'
  return [
    asked(number),
    responded(number, parts),
    { type: 'decision_recorded', taskId: 'root', turn: number, decision, callIds },
  ]
}

export function termsOf(callId: string, terms: Partial<CallTerms> = {}): CallTerms {
  return {
    effect: 'read',
    timeoutMs: 60_000,
    retries: 0,
    verifies: false,
    repeat: 'ask',
    idempotencyKey: `s1/${callId}`,
    effectHash: `effect of ${callId}`,
    approvalHash: `hash of ${callId}`,
    policyHash: 'policy',
    ...terms,
  }
}

export function verdictOf(
  callId: string,
  verdict: Verdict = { type: 'allow' },
  terms: Partial<CallTerms> = {},
): Extract<Judgement, { type: 'verdict' }> {
  return { type: 'verdict', verdict, terms: termsOf(callId, terms) }
}

type JudgedMore = Partial<CallTerms> & { readonly verdict?: Verdict; readonly fence?: number }

export function judged(
  callId: string,
  effect: EffectClass,
  { verdict = { type: 'allow' }, fence = 1, ...terms }: JudgedMore = {},
): EventOf<'call_judged'> {
  return { type: 'call_judged', callId, judgement: verdictOf(callId, verdict, { effect, ...terms }), fence }
}

export function began(callId: string, { attempt = 1, fence = 1, leaseMs = 15_000 } = {}): EventOf<'call_started'> {
  return { type: 'call_started', callId, attempt, fence, leaseMs }
}

export const ok = (output: Json = { done: true }): Outcome => ({ type: 'ok', output })
export const unknownOutcome: Outcome = { type: 'unknown', message: 'nobody knows' }

export function ended(
  callId: string,
  outcome: Outcome = ok(),
  more: Partial<EventOf<'call_finished'>> = {},
): EventOf<'call_finished'> {
  return { type: 'call_finished', callId, attempt: 1, outcome, trust: 'tool', ...more }
}

/** A call that was judged, began and ended. */
export function done(
  callId: string,
  effect: EffectClass,
  { outcome = ok(), ...terms }: Partial<CallTerms> & { readonly outcome?: Outcome } = {},
): readonly PawlEvent[] {
  return [judged(callId, effect, terms), began(callId), ended(callId, outcome)]
}

/** A call that is held for people. */
export function held(
  callId: string,
  effect: EffectClass = 'unsafe',
  more: Partial<EventOf<'approval_requested'>> = {},
): readonly PawlEvent[] {
  const verdict: Verdict = { type: 'require_approval', reason: 'refund_threshold_exceeded' }
  return [
    judged(callId, effect, { verdict }),
    {
      type: 'approval_requested',
      approvalId: 'a1',
      callId,
      kind: 'approval',
      reason: 'refund_threshold_exceeded',
      hash: `hash of ${callId}`,
      quorum: 1,
      notRequester: false,
      expiresAt: 2_000_000,
      ...more,
    },
  ]
}

/** What came of a call, as a completion. */
export function outcomeOf(
  callId: string,
  outcome: Outcome = ok(),
  more: Partial<CallReport> & { readonly attempt?: number; readonly jitter?: number } = {},
) {
  const { attempt = 1, jitter = 0, ...report } = more
  return {
    type: 'record_outcome',
    of: { type: 'call', callId, attempt, jitter, report: { outcome, trust: 'tool', ...report } },
  } as const
}

type ModelFailure = {
  readonly code?: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  readonly jitter?: number
  readonly turn?: number
  readonly attempt?: number
}

export function modelFailure(failure: ModelFailure = {}) {
  const { code = 'http_500', retryable = true, jitter = 0, turn: number = 1, attempt = 1, retryAfterMs } = failure
  const error = { code, message: 'it failed', retryable }
  const waits = retryAfterMs === undefined ? {} : { retryAfterMs }
  const report = { type: 'failed', error, jitter, latencyMs: 5, ...waits } as const
  return { type: 'record_outcome', of: { type: 'model', taskId: 'root', turn: number, attempt, report } } as const
}

export function modelAnswer(
  parts: readonly AssistantPart[],
  { turn: number = 1, attempt = 1, ...more }: Partial<ModelResponse> & { turn?: number; attempt?: number } = {},
) {
  const report = {
    type: 'responded',
    response: response(parts, more),
    costMicroUsd: 7,
    latencyMs: 5,
    promptHash: 'prompt',
  } as const
  return { type: 'record_outcome', of: { type: 'model', taskId: 'root', turn: number, attempt, report } } as const
}

export function verdict(
  callId: string,
  said: Verdict = { type: 'allow' },
  { judgementNumber = 1, ...terms }: Partial<CallTerms> & { readonly judgementNumber?: number } = {},
) {
  return { type: 'record_verdict', callId, judgementNumber, judgement: verdictOf(callId, said, terms) } as const
}
