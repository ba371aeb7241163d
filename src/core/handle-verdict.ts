/** What judging a call leads to. The core's own rules can only make a verdict stricter. */
import type { CommandOf } from './command.ts'
import type { CallTerms, Judgement, PawlEvent, Question } from './event.ts'
import { accepted, type Handled, type HandleMoment, nothing } from './handled.ts'
import { neverRan } from './never-ran.ts'
import type { CallState, State } from './state.ts'
import { never, type Verdict } from './vocabulary.ts'

export function recordVerdict(state: State, command: CommandOf<'record_verdict'>, moment: HandleMoment): Handled {
  const call = state.calls.get(command.callId)
  const awaits = call?.status === 'proposed' || call?.status === 'allowed' || call?.status === 'lost'
  if (call === undefined || !awaits || command.judgementNumber !== call.judgements + 1) return nothing
  const { judgement } = command
  const raised = judgement.type === 'verdict' ? raise(state, call, judgement) : null
  const judged: PawlEvent = {
    type: 'call_judged',
    callId: call.callId,
    judgement,
    fence: moment.fence,
    ...(command.writeEpoch !== undefined &&
      command.writeEpoch !== state.writeEpoch && { writeEpoch: command.writeEpoch }),
    ...(raised !== null && { raised }),
  }
  return accepted(judged, ...consequences(state, moment, { call, judgement, raised }))
}

type Judged = { readonly call: CallState; readonly judgement: Judgement; readonly raised: Verdict | null }

function consequences(state: State, moment: HandleMoment, judged: Judged): readonly PawlEvent[] {
  const { call, judgement, raised } = judged
  switch (judgement.type) {
    case 'invalid':
      return [blocked(call, judgement.reason, judgement.message)]
    case 'control':
      return []
    case 'question':
      return [asked(state, moment, { call, question: judgement.question })]
    case 'verdict':
      return afterVerdict(state, moment, { call, terms: judgement.terms, verdict: raised ?? judgement.verdict })
    default:
      return never(judgement)
  }
}

type WithTerms = { readonly call: CallState; readonly terms: CallTerms; readonly verdict: Verdict }

function afterVerdict(state: State, moment: HandleMoment, { call, terms, verdict }: WithTerms): readonly PawlEvent[] {
  if (verdict.type === 'allow') return []
  const why = verdict.message ?? verdict.reason
  if (verdict.type === 'deny') return [blocked(call, verdict.reason, `denied by policy: ${why}`)]
  const approvalId = `a${state.approvals.size + 1}`
  const requested: PawlEvent = {
    type: 'approval_requested',
    approvalId,
    callId: call.callId,
    kind: 'approval',
    reason: verdict.reason,
    ...(verdict.message !== undefined && { message: verdict.message }),
    hash: terms.approvalHash,
    quorum: Math.max(1, verdict.quorum ?? 1),
    notRequester: verdict.notRequester ?? false,
    // A policy's "never" is a number as large as it can be: a store could not read the sum.
    expiresAt: Math.min(
      moment.now + (verdict.expiresAfterMs ?? state.limits.approvalExpiryMs),
      Number.MAX_SAFE_INTEGER,
    ),
    ...(verdict.ask !== undefined && { ask: verdict.ask }),
  }
  return [requested, ...editorsVote(state, { call, verdict, approvalId, hash: terms.approvalHash })]
}

type Edited = {
  readonly call: CallState
  readonly verdict: Extract<Verdict, { type: 'require_approval' }>
  readonly approvalId: string
  readonly hash: string
}

/** Who edits an input approves what they wrote; a quorum still wants the others. */
function editorsVote(state: State, { call, verdict, approvalId, hash }: Edited): readonly PawlEvent[] {
  const by = call.editedBy
  if (by === null || call.approvedHash !== null) return []
  if (verdict.notRequester === true && state.requester.id === by) return []
  const voted: PawlEvent = { type: 'approval_voted', approvalId, by, hash, commandId: `${approvalId}/edit` }
  if ((verdict.quorum ?? 1) > 1) return [voted]
  return [voted, { type: 'approval_resolved', approvalId, resolution: 'approved', by, reason: 'edited the input' }]
}

/**
 * The stricter of policy's verdict and the core's own rules, or null where policy's stands. `deny` always wins; an approval that
 * is wanted is met by one of the same hash, or by the person who took a new attempt on themselves.
 */
function raise(state: State, call: CallState, judgement: Extract<Judgement, { type: 'verdict' }>): Verdict | null {
  const { verdict, terms } = judgement
  if (verdict.type === 'deny') return null
  const repeats = terms.effect === 'unsafe' && call.runAgainBy === null ? repeatOf(state, call, terms) : null
  if (repeats === null) {
    const isMet = verdict.type === 'require_approval' && call.approvedHash === terms.approvalHash
    return isMet ? { type: 'allow' } : null
  }
  const reason = `repeats ${repeats}`
  if (wasApprovedFor(state, { call, terms, reason })) return verdict.type === 'allow' ? null : { type: 'allow' }
  const message = `${repeats} had the same effect: ${call.tool} with the same input`
  if (verdict.type === 'allow') return { type: 'require_approval', reason, message }
  const said = verdict.message === undefined ? message : `${verdict.message}; ${message}`
  return { ...verdict, reason: `${verdict.reason}, ${reason}`, message: said }
}

/** Whoever approved must have been told that it is a repeat. */
function wasApprovedFor(state: State, asked: { call: CallState; terms: CallTerms; reason: string }): boolean {
  const { call, terms, reason } = asked
  if (call.approvedHash !== terms.approvalHash || call.approvalId === null) return false
  return state.approvals.get(call.approvalId)?.reason.split(', ').includes(reason) === true
}

/** An earlier call with the same effect that may have taken it, where the tool does not say that repeating is fine. */
function repeatOf(state: State, call: CallState, terms: CallTerms): string | null {
  for (const callId of state.index.effects.get(terms.effectHash) ?? []) {
    const earlier = state.calls.get(callId)
    if (earlier === undefined || callId === call.callId) continue
    const mayHaveTakenEffect = earlier.outcome?.type !== 'ok' && earlier.tookEffect
    if (mayHaveTakenEffect || (earlier.outcome?.type === 'ok' && terms.repeat === 'ask')) return callId
  }
  return null
}

function asked(
  state: State,
  moment: HandleMoment,
  { call, question }: { call: CallState; question: Question },
): PawlEvent {
  return {
    type: 'approval_requested',
    approvalId: `a${state.approvals.size + 1}`,
    callId: call.callId,
    kind: 'question',
    reason: question.options.length > 0 ? 'ambiguous' : 'missing_context',
    message: question.text,
    hash: '',
    quorum: 1,
    notRequester: false,
    expiresAt: moment.now + state.limits.approvalExpiryMs,
    question,
  }
}

function blocked(call: CallState, reason: string, message: string): PawlEvent {
  return neverRan(call, { type: 'blocked', reason, message })
}
