/** Events for the tests of the views over a log, with as little said as the reducers need. */
import type { CallTerms, EventOf, LogEvent, PawlEvent } from './event.ts'
import type { Json, JsonObject } from './json.ts'
import { type Budget, defaultBudget, defaultLimits, sessionLimits } from './limits.ts'
import { ROOT_TASK } from './state.ts'
import type { EffectClass, Verdict } from './vocabulary.ts'

/** One event a second, from second 1. */
export function logOf(...events: readonly (PawlEvent | readonly PawlEvent[])[]): readonly LogEvent[] {
  return events.flat().map((event, index) => ({ seq: index + 1, at: (index + 1) * 1_000, event }))
}

export function started(budget: Partial<Budget> = {}): readonly PawlEvent[] {
  const requester = { type: 'user', id: 'mia' } as const
  return [
    {
      type: 'session_started',
      agent: 'support-triage',
      definitionHash: 'd1',
      budget: { ...defaultBudget, ...budget },
      limits: sessionLimits(defaultLimits),
      closing: {},
      requester,
      context: {},
      commandId: 's1',
    },
    {
      type: 'message_received',
      text: 'I was charged twice',
      trust: 'user',
      origin: requester,
      commandId: 's1/message',
    },
  ]
}

export function asked(turn: number, attempt = 1): PawlEvent {
  const reserved = { tokens: 100, costMicroUsd: 0, maxOutputTokens: 50 }
  const more = { fence: 1, contextSeq: 2, definitionHash: 'd1', model: 'scripted', reserved }
  return { type: 'model_started', purpose: 'decide', taskId: ROOT_TASK, turn, attempt, ...more }
}

export type Proposed = { readonly callId: string; readonly tool: string; readonly input?: Json }

/** A whole turn of the model: asked, answered, recorded. */
export function decided(turn: number, calls: readonly Proposed[], text = ''): readonly PawlEvent[] {
  const parts = calls.map(
    ({ callId, tool, input = {} }) => ({ type: 'call', providerCallId: `p${callId}`, tool, input }) as const,
  )
  const said = text === '' ? [] : [{ type: 'text', text } as const]
  const response = {
    parts: [...said, ...parts],
    finish: 'stop',
    usage: { inputTokens: 10, outputTokens: 5 },
  } as const
  const callIds = calls.map(({ callId }) => callId)
  return [
    asked(turn),
    {
      type: 'model_responded',
      taskId: ROOT_TASK,
      turn,
      attempt: 1,
      response,
      costMicroUsd: 7,
      latencyMs: 800,
      promptHash: 'h',
    },
    {
      type: 'decision_recorded',
      taskId: ROOT_TASK,
      turn,
      decision: calls.length > 0 ? 'calls' : 'final',
      callIds,
    },
  ]
}

export function failed(turn: number, attempt: number, retryAt: number | null): PawlEvent {
  const error = { code: 'http_529', message: 'overloaded', retryable: true }
  return { type: 'model_failed', taskId: ROOT_TASK, turn, attempt, error, retryAt, latencyMs: 20 }
}

export function judged(callId: string, verdict: Verdict = { type: 'allow' }, effect: EffectClass = 'read'): PawlEvent {
  const terms: CallTerms = {
    effect,
    timeoutMs: 60_000,
    retries: 0,
    verifies: false,
    repeat: 'ask',
    idempotencyKey: `s/${callId}`,
    effectHash: `e-${callId}`,
    approvalHash: `h-${callId}`,
    policyHash: 'p',
  }
  return {
    type: 'call_judged',
    callId,
    fence: 1,
    judgement: { type: 'verdict', verdict, policy: 'threshold(open_refund_case)', terms },
  }
}

export function begun(callId: string): PawlEvent {
  return { type: 'call_started', callId, attempt: 1, fence: 1, leaseMs: 15_000 }
}

export function finished(
  callId: string,
  outcome: EventOf<'call_finished'>['outcome'],
  summary?: JsonObject,
): PawlEvent {
  return { type: 'call_finished', callId, attempt: 1, outcome, trust: 'tool', ...(summary && { summary }) }
}

export function requested(callId: string, approvalId: string, reason: string): PawlEvent {
  const more = { kind: 'approval', quorum: 1, notRequester: false, expiresAt: 900_000 } as const
  return {
    type: 'approval_requested',
    approvalId,
    callId,
    reason,
    hash: `h-${callId}`,
    ask: 'a billing lead',
    ...more,
  }
}

const ok = { type: 'ok', output: null } as const
const overThreshold: Verdict = { type: 'require_approval', reason: 'refund_threshold_exceeded' }

/** The over-threshold triage: DESIGN section 9 says what its trace is. The second read of turn 1 ends first. */
export function heldTriage(): readonly PawlEvent[] {
  return [
    ...started(),
    ...decided(1, [
      { callId: 'c1', tool: 'search_docs' },
      { callId: 'c2', tool: 'lookup_billing_account' },
    ]),
    judged('c1'),
    judged('c2'),
    begun('c1'),
    begun('c2'),
    finished('c2', ok, { duplicate_charge_detected: true }),
    finished('c1', ok, { matches: 3 }),
    ...decided(2, [{ callId: 'c3', tool: 'open_refund_case', input: { amount: 420 } }]),
    judged('c3', overThreshold, 'unsafe'),
    requested('c3', 'a1', 'refund_threshold_exceeded'),
    { type: 'session_parked', reason: 'approval', taskId: ROOT_TASK, message: 'refund_threshold_exceeded' },
  ]
}

/** Approved by Ada, run, answered. */
export function approvedTriage(): readonly PawlEvent[] {
  return [
    ...heldTriage(),
    { type: 'approval_voted', approvalId: 'a1', by: 'ada', hash: 'h-c3', commandId: 'v1' },
    { type: 'approval_resolved', approvalId: 'a1', resolution: 'approved', by: 'ada' },
    judged('c3', overThreshold, 'unsafe'),
    begun('c3'),
    finished('c3', ok, { case_id: 'RC-1' }),
    ...decided(3, [], 'A case is open: RC-1.'),
    {
      type: 'session_ended',
      reason: 'final_answer',
      ending: { type: 'case_opened', caseId: 'RC-1' },
      unresolved: [],
    },
  ]
}
