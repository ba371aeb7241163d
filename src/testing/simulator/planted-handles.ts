/** Doubts taken away, one at a time: what `handle` would refuse or raise, and here does not; and events that are folded wrongly. */
import {
  type ApprovalState,
  type CallState,
  type Handled,
  handle,
  type Judgement,
  type PawlEvent,
  reduce,
  type State,
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

export const oneVoteMore: Handle = withApprovals((approval) => ({ ...approval, quorum: approval.quorum + 1 }))

/** Whatever people have looked at, they vote on what is asked. */
export const anyHash: Handle = (state, command, moment) => {
  if (command.type !== 'vote') return handle(state, command, moment)
  const { hash: _, ...vote } = command
  return handle(state, vote, moment)
}

/** Who has edited an input is taken to approve it whenever it is judged. */
export const editorsVoteAgain: Handle = (state, command, moment) =>
  command.type === 'record_verdict'
    ? handle({ ...state, calls: mapped(state.calls, (call) => ({ ...call, approvedHash: null })) }, command, moment)
    : handle(state, command, moment)

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

/** What people say stands in the log, and another text is shown. */
export const saidOtherwise: typeof reduce = (draft, event, at) =>
  reduce(draft, event.type === 'message_received' ? { ...event, text: `${event.text}, they say` } : event, at)

/** An edited input stands in the log, and another one runs. */
export const editedOtherwise: typeof reduce = (draft, event, at) =>
  reduce(
    draft,
    event.type === 'approval_resolved' && event.resolution === 'edited' ? { ...event, input: { amount: 1 } } : event,
    at,
  )

/** A cancel does not keep a call from being repeated. */
export const retriedAfterCancel: Handle = (state, command, moment) =>
  handle({ ...state, cancel: null }, command, moment)

/** A tool that failed has done nothing, it is thought. */
export const failureIsProof: Handle = (state, command, moment) => {
  if (command.type !== 'record_outcome' || command.of.type !== 'call' || command.of.report.outcome.type === 'ok')
    return handle(state, command, moment)
  const of = { ...command.of, report: { ...command.of.report, tookEffect: false as const } }
  return handle(state, { ...command, of }, moment)
}

/** Limits of a session that count otherwise than it was promised. */
export const withLimits =
  (limits: Partial<State['limits']>): Handle =>
  (state, command, moment) =>
    handle({ ...state, limits: { ...state.limits, ...limits } }, command, moment)

export const retriedBeyondTheSession: Handle = (state, command, moment) =>
  handle({ ...state, budget: { ...state.budget, maxCallRetries: 1_000 } }, command, moment)

/** Another output than the tool's. */
export const otherOutput: Handle = withEvents((event) =>
  event.type === 'call_finished' && event.outcome.type === 'ok'
    ? { ...event, outcome: { ...event.outcome, output: 'something else' } }
    : event,
)

export const oneMoreIsAsked: Handle = withEvents((event) =>
  event.type === 'approval_requested' ? { ...event, quorum: event.quorum + 1 } : event,
)

export const askedAboutAnother: Handle = withEvents((event) =>
  event.type === 'approval_requested' ? { ...event, hash: `${event.hash}, another` } : event,
)

function withEvents(change: (event: PawlEvent) => PawlEvent): Handle {
  return (state, command, moment) => {
    const handled = handle(state, command, moment)
    return handled.type === 'accepted' ? { ...handled, events: handled.events.map(change) } : handled
  }
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
