/** How a session came to its end, what the user got, and what is still open. */
import type { JsonObject } from './json.ts'
import { isAnswerOfPlan } from './plan/is-answer-of-plan.ts'
import { callParts } from './reduce-model.ts'
import { ROOT_TASK, type State } from './state.ts'
import { finalText, gateOf } from './status.ts'
import { never, type StopReason } from './vocabulary.ts'
import { budgetRow, unknownCalls } from './why-blocked.ts'
import { endedPlan } from './why-plan.ts'
import { nameOf, row, type Why, type WhyContext, type WhyRow } from './why-row.ts'

export function whyEnded(context: WhyContext, reason: StopReason): Pick<Why, 'because' | 'rows'> {
  const { state } = context
  const rows = [
    ...(reason === 'cancelled' ? cancelRow(state) : []),
    ...(reason === 'failed' ? failureRows(context) : []),
    ...(gateOf(state) === 'extend' ? [budgetRow(state, context.session)] : []),
    ...endedPlan(context),
    ...decisionRow(state),
    endingRow(context),
    ...unknownCalls(context),
  ]
  return { because: `It has ended: ${sentence(state, reason)}.`, rows }
}

function sentence({ budget, ended }: State, reason: StopReason): string {
  switch (reason) {
    case 'final_answer':
      return ended?.isPartial === true
        ? 'there is an answer, without what its plan has not brought'
        : 'the agent has given its answer'
    case 'turn_budget':
      return `all ${budget.maxTurns} turns that a message may take were used`
    case 'token_budget':
      return 'its budget of tokens is used'
    case 'cost_cap':
      return 'its budget of money is used'
    case 'wall_clock':
      return `the ${Math.round(budget.maxWallClockMs / 1_000)} s of work that a message may take were used`
    case 'event_limit':
      return `its log may have ${budget.maxEvents} events, and is full`
    case 'replan_limit':
      return 'it was planned anew as often as it may be'
    case 'aborted':
      return 'recovery gave it up'
    case 'failed':
      return 'its task failed'
    case 'cancelled':
      return 'it was cancelled'
    default:
      return never(reason)
  }
}

function cancelRow({ cancel }: State): readonly WhyRow[] {
  if (cancel === null) return []
  return [
    row('cancel', `${cancel.by} cancelled it.`, {
      fields: cancel.reason === null ? {} : { reason: cancel.reason },
    }),
  ]
}

/** The task's failure, and the requests of its last turn that came to nothing. */
function failureRows({ log, state }: WhyContext): readonly WhyRow[] {
  const task = state.tasks.get(ROOT_TASK)
  const failure = task?.failure ?? null
  const last =
    failure === null
      ? []
      : [row('failure', `The task failed: ${failure.failure}.`, { fields: { message: failure.message } })]
  const errors = log.flatMap(({ event, at }) => {
    if (event.type !== 'model_failed' || event.turn !== task?.turn) return []
    const { code, message } = event.error
    return [
      row('model', `Attempt ${event.attempt} of turn ${event.turn} failed: ${code}.`, {
        fields: { message, failedAt: at },
      }),
    ]
  })
  return [...last, ...errors]
}

/** What the model decided last, and what became of it. */
function decisionRow(state: State): readonly WhyRow[] {
  const last = state.transcript.findLast((entry) => entry.type === 'assistant')
  if (last?.type !== 'assistant' || isAnswerOfPlan(last)) return []
  const calls = last.callIds.flatMap((callId) => state.calls.get(callId) ?? [])
  const fields: JsonObject = Object.fromEntries(calls.map((call) => [nameOf(call), call.outcome?.type ?? call.status]))
  const count = callParts(last.parts).length
  const says = count === 0 ? 'an answer without calls' : `${count} call${count === 1 ? '' : 's'}`
  return [row('decision', `The last decision, of turn ${last.turn}, was ${says}.`, { fields })]
}

function endingRow({ state, session }: WhyContext): WhyRow {
  const { type, message: _, ...got } = state.ended?.ending ?? { type: 'none' as const, message: '' }
  const text = finalText(state)
  const fields: JsonObject = {
    ...got,
    ...(text !== '' && { said: text }),
  }
  return row('ending', `The user got: ${type}.`, {
    fields,
    commands: reopening(state, session),
  })
}

function reopening(state: State, session: string): readonly string[] {
  return gateOf(state) === 'message' ? [`pawl send ${session} TEXT`] : []
}
