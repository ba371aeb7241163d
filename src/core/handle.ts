/** Command → events. Doubt lives here: what does not fit the state that it would be committed on is refused, and writes nothing. */
import type { Command, CommandOf, CommandType } from './command.ts'
import type { PawlEvent } from './event.ts'
import { answerApproval, editApproval, vote } from './handle-approval.ts'
import { recordOutcome, reportLateOutcome, settle } from './handle-outcome.ts'
import { recordVerdict } from './handle-verdict.ts'
import { accepted, type Handled, type HandleMoment, refused } from './handled.ts'
import { recordPatch, recordRecall } from './memory/handle-memory.ts'
import { recordCheck } from './plan/handle-check.ts'
import { recordInput } from './plan/handle-input.ts'
import type { PlanningTerms } from './plan/planning-terms.ts'
import { proposals } from './plan/propose.ts'
import { recordReview } from './plan/review.ts'
import type { State } from './state.ts'
import { gateOf } from './status.ts'

type Handlers = {
  readonly [K in CommandType]: (state: State, command: CommandOf<K>, moment: HandleMoment) => Handled
}

const handlers: Handlers = {
  start_session(state, command) {
    if (state.seq > 0)
      return refused('session_exists', `the session ${state.sessionId} exists already; use send to speak to it`)
    const { type: _, message, trust, plan, ...started } = command
    const { commandId, requester, planning } = command
    return accepted(
      { type: 'session_started', ...started },
      { type: 'message_received', text: message, trust, origin: requester, commandId: `${commandId}/message` },
      ...(plan === undefined || planning === undefined ? [] : givenPlan(state, planning, plan)),
    )
  },
  send_message(state, command) {
    const gate = gateOf(state)
    if (gate === 'open' || gate === 'message') return accepted({ ...command, type: 'message_received' })
    return refused(
      'session_not_reopenable',
      `the session ended with ${state.ended?.reason}, and a message does not reopen that`,
    )
  },
  cancel(state, command) {
    if (state.ended !== null)
      return refused('session_ended', `the session has ended with ${state.ended.reason}; there is nothing to cancel`)
    if (state.cancel !== null)
      return refused('already_cancelled', `${state.cancel.by} has cancelled the session already`)
    return accepted({ ...command, type: 'cancel_requested' })
  },
  vote,
  answer: answerApproval,
  edit: editApproval,
  settle,
  extend_budget(state, command) {
    const gate = gateOf(state)
    if (gate === 'final')
      return refused('session_not_reopenable', `the session ended with ${state.ended?.reason}, which is final`)
    const { tokens = 0, costMicroUsd = 0, calls = 0, events = 0 } = command
    const amounts = [tokens, costMicroUsd, calls, events]
    if (
      amounts.some((amount) => !Number.isSafeInteger(amount) || amount < 0) ||
      amounts.every((amount) => amount === 0)
    ) {
      return refused('nothing_to_extend', 'expected a positive whole number of tokens, costMicroUsd, calls or events')
    }
    return accepted({ ...command, type: 'budget_extended' })
  },
  record_verdict: recordVerdict,
  record_outcome: recordOutcome,
  record_review: recordReview,
  record_check: recordCheck,
  record_patch: recordPatch,
  record_recall: recordRecall,
  record_input: recordInput,
  report_late_outcome: reportLateOutcome,
}

export function handle(state: State, command: Command, moment: HandleMoment): Handled {
  // The table pairs each command with its own handler; the compiler cannot follow that through an index.
  const handler = handlers[command.type] as (state: State, command: Command, moment: HandleMoment) => Handled
  return handler(state, command, moment)
}

/** Who gives a plan has chosen the way to go about it. */
function givenPlan(
  state: State,
  planning: PlanningTerms,
  { plan, cause }: NonNullable<CommandOf<'start_session'>['plan']>,
): readonly PawlEvent[] {
  const isFlexible = planning.route === 'plan'
  const route = isFlexible ? 'plan' : 'plan_and_subagent'
  const reason = 'the caller gave a plan'
  return [
    ...proposals(state, { plan, mode: isFlexible ? 'flexible' : 'strict', cause }),
    { type: 'route_chosen', route, level: 'forced', reason, confidence: null },
  ]
}
