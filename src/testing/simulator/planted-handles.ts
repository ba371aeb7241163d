/** Doubts taken away, one at a time: what `handle` would refuse or raise, and here does not. */
import {
  type ApprovalState,
  type CallState,
  type Handled,
  handle,
  type Judgement,
  type PawlEvent,
} from '../../core/index.ts'

type Handle = typeof handle

export const undoubted: Handle = (state, command, moment) => {
  if (command.type !== 'record_outcome' || command.of.type !== 'call') return handle(state, command, moment)
  const { callId, attempt, report } = command.of
  return { type: 'accepted', events: [{ type: 'call_finished', callId, attempt, ...report }] }
}

export const settlesStarted: Handle = (state, command, moment) => {
  const handled = handle(state, command, moment)
  const [started] = state.index.started
  if (command.type !== 'send_message' && command.type !== 'extend_budget') return handled
  if (started === undefined || handled.type === 'refused') return handled
  const settled: PawlEvent = {
    type: 'call_settled',
    callId: started,
    attempt: 1,
    settlement: 'did_not_take_effect',
    by: 'ann',
    commandId: `settles/${command.commandId}`,
  }
  return { type: 'accepted', events: [...handled.events, settled] }
}

/** What was settled may be settled again. */
export const settlesAgain: Handle = (state, command, moment) => {
  const call = command.type === 'settle' ? state.calls.get(command.callId) : undefined
  if (command.type !== 'settle' || call?.settled == null) return handle(state, command, moment)
  return { type: 'accepted', events: [{ ...command, type: 'call_settled', attempt: call.attempt }] }
}

/** A call may be run again in a session that has ended. */
export const runsAfterTheEnd: Handle = (state, command, moment) =>
  command.type === 'settle'
    ? handle({ ...state, ended: null, cancel: null }, command, moment)
    : handle(state, command, moment)

/** What policy holds is taken as allowed. */
export const unapproved: Handle = (state, command, moment) => allowed(handle(state, command, moment))

function allowed(handled: Handled): Handled {
  if (handled.type === 'refused') return handled
  const [judged] = handled.events
  if (judged?.type !== 'call_judged' || judged.judgement.type !== 'verdict') return handled
  if (judged.judgement.verdict.type !== 'require_approval') return handled
  return { type: 'accepted', events: [{ ...judged, raised: { type: 'allow' } }] }
}

export const withoutEffects: Handle = (state, command, moment) =>
  handle({ ...state, index: { ...state.index, effects: new Map() } }, command, moment)

/** An approval that was given beats a denial that came after it. */
export const approvedBeatsDenied: Handle = withVerdict((call, judgement) =>
  call.approvedHash !== null && judgement.verdict.type === 'deny'
    ? { ...judgement, verdict: { type: 'allow' } }
    : judgement,
)

/** Who has edited an input has approved it, whoever else was to be asked. */
export const editedIsApproved: Handle = withVerdict((call, judgement) =>
  call.editedBy !== null && judgement.verdict.type === 'require_approval'
    ? { ...judgement, verdict: { type: 'allow' } }
    : judgement,
)

export const keyOfAttempt: Handle = withVerdict((call, judgement) => ({
  ...judgement,
  terms: { ...judgement.terms, idempotencyKey: `${judgement.terms.idempotencyKey}/${call.attempt}` },
}))

/** A judgement counts whatever it was of. */
export const staleVerdicts: Handle = (state, command, moment) => {
  const call = command.type === 'record_verdict' ? state.calls.get(command.callId) : undefined
  if (command.type !== 'record_verdict' || call === undefined) return handle(state, command, moment)
  const { writeEpoch: _, ...judged } = command
  return handle(state, { ...judged, judgementNumber: call.judgements + 1 }, moment)
}

export const doubleVotes: Handle = withApprovals((approval) => ({
  ...approval,
  votes: approval.votes.map((by) => `${by}, once`),
}))

export const anyoneIsAQuorum: Handle = withApprovals((approval) => ({ ...approval, quorum: 1 }))

export const requesterVotes: Handle = withApprovals((approval) => ({ ...approval, notRequester: false }))

export const neverExpired: Handle = withApprovals((approval) => ({
  ...approval,
  expiresAt: Number.MAX_SAFE_INTEGER,
}))

export const answeredAgain: Handle = withApprovals((approval) => ({ ...approval, resolution: null }))

export const retriedForEver: Handle = (state, command, moment) => {
  if (command.type !== 'record_outcome') return handle(state, command, moment)
  return handle({ ...state, calls: mapped(state.calls, (call) => ({ ...call, retries: 0 })) }, command, moment)
}

/** A tool that failed has done nothing, it is thought. */
export const failureIsProof: Handle = (state, command, moment) => {
  if (command.type !== 'record_outcome' || command.of.type !== 'call' || command.of.report.outcome.type === 'ok')
    return handle(state, command, moment)
  const of = { ...command.of, report: { ...command.of.report, tookEffect: false as const } }
  return handle(state, { ...command, of }, moment)
}

type WithTerms = Extract<Judgement, { type: 'verdict' }>

function withVerdict(change: (call: CallState, judgement: WithTerms) => Judgement): Handle {
  return (state, command, moment) => {
    const call = command.type === 'record_verdict' ? state.calls.get(command.callId) : undefined
    if (command.type !== 'record_verdict' || command.judgement.type !== 'verdict' || call === undefined)
      return handle(state, command, moment)
    return handle(state, { ...command, judgement: change(call, command.judgement) }, moment)
  }
}

/** Only what people ask is shown other approvals. */
function withApprovals(change: (approval: ApprovalState) => ApprovalState): Handle {
  return (state, command, moment) => {
    if (!('approvalId' in command)) return handle(state, command, moment)
    return handle({ ...state, approvals: mapped(state.approvals, change) }, command, moment)
  }
}

export function mapped<Value>(values: ReadonlyMap<string, Value>, change: (value: Value) => Value): Map<string, Value> {
  return new Map([...values].map(([key, value]) => [key, change(value)]))
}
