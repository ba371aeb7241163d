/** Completions, doubted like commands: what came of a call, a verification, a request to a model; and what people settle. */
import { backoffMs } from './backoff.ts'
import type { CallReport, CommandOf, OutcomeOf } from './command.ts'
import { trustOf } from './exposure.ts'
import { modelEnded } from './handle-model.ts'
import { accepted, type Handled, type HandleMoment, nothing, refused } from './handled.ts'
import type { CallState, State } from './state.ts'
import { type EffectClass, never, type Outcome } from './vocabulary.ts'

export function recordOutcome(state: State, command: CommandOf<'record_outcome'>, moment: HandleMoment): Handled {
  const { of } = command
  switch (of.type) {
    case 'call':
      return callEnded(state, of, moment)
    case 'verify':
      return verified(state, of)
    case 'model':
      return modelEnded(state, of, moment)
    default:
      return never(of)
  }
}

/** A worker that lost its fence, or gave a tool up, may still say what came of it. It is offered, never taken as the outcome. */
export function reportLateOutcome(state: State, command: CommandOf<'report_late_outcome'>): Handled {
  const { callId, attempt, report, commandId } = command
  if (!state.calls.has(callId)) return nothing
  const noted = { type: 'late_outcome_noted', callId, attempt, outcome: report.outcome, trust: report.trust } as const
  return accepted({ ...noted, ...(commandId !== undefined && { commandId }) })
}

/** Only an `unknown` outcome can be settled, and each once. */
export function settle(state: State, command: CommandOf<'settle'>): Handled {
  const call = state.calls.get(command.callId)
  if (call === undefined) return refused('unknown_call', `no call ${command.callId} in session ${state.sessionId}`)
  if (call.settled !== null && call.outcome?.type !== 'unknown') {
    return refused('already_resolved', `${call.settled.by} has settled ${call.callId}: ${call.settled.settlement}`)
  }
  if (call.outcome?.type !== 'unknown') {
    const found = call.outcome?.type ?? call.status
    return refused('not_unknown', `only a call whose outcome is unknown can be settled; ${call.callId} is ${found}`)
  }
  if (command.settlement === 'run_again' && (state.ended !== null || state.cancel !== null)) {
    return refused('session_ended', 'nothing runs in a session that has ended; say whether it took effect')
  }
  if (command.settlement === 'run_again' && !isWaitedFor(state, call)) {
    const message = `nobody waits for ${call.callId} any more: its task ${call.taskId} has ended, or was begun anew`
    return refused('invalid_input', `${message}; say whether it took effect, and have the task tried again`)
  }
  return accepted({ ...command, type: 'call_settled', attempt: call.attempt })
}

function isWaitedFor({ tasks, index }: State, { callId, taskId }: CallState): boolean {
  return index.active.has(taskId) && tasks.get(taskId)?.callIds.includes(callId) === true
}

function callEnded(state: State, of: Extract<OutcomeOf, { type: 'call' }>, moment: HandleMoment): Handled {
  const call = state.calls.get(of.callId)
  if (call === undefined || call.status !== 'started' || call.attempt !== of.attempt) return nothing
  const { report } = of
  const outcome = certainOutcome(call.effect, report)
  const { callBackoffMs: baseMs, maxBackoffMs: maxMs } = state.limits
  const delayMs = backoffMs({ baseMs, maxMs, failures: call.retries, jitter: of.jitter })
  const retryAt = retryOf(state, { call, outcome }, moment.now + delayMs)
  return accepted({
    type: 'call_finished',
    callId: call.callId,
    attempt: call.attempt,
    ...report,
    outcome,
    ...(retryAt !== null && { retryAt }),
  })
}

/** An `unsafe` tool that failed without saying that nothing happened may have taken effect. */
function certainOutcome(effect: EffectClass | null, report: CallReport): Outcome {
  const { outcome } = report
  if (effect !== 'unsafe' || report.tookEffect === false) return outcome
  if (outcome.type === 'cancelled') return { type: 'unknown', message: 'it was aborted while it ran' }
  if (outcome.type !== 'retryable_error' && outcome.type !== 'terminal_error') return outcome
  return { type: 'unknown', message: outcome.message }
}

type Ended = { readonly call: CallState; readonly outcome: Outcome }

/** When the runtime repeats a call by itself: declared by the tool, harmless by its class, within the session's one retry budget. */
function retryOf(state: State, { call, outcome }: Ended, at: number): number | null {
  if (outcome.type !== 'retryable_error' || state.cancel !== null || state.ended !== null) return null
  if (call.effect === 'unsafe') return null
  if (call.retries >= (call.terms?.retries ?? 0)) return null
  return state.ledger.callRetries < state.budget.maxCallRetries ? at : null
}

function verified(state: State, of: Extract<OutcomeOf, { type: 'verify' }>): Handled {
  const call = state.calls.get(of.callId)
  if (call === undefined || call.status !== 'lost' || call.attempt !== of.attempt) return nothing
  const finished = { type: 'call_finished', callId: call.callId, attempt: call.attempt, verified: true } as const
  const { found } = of
  switch (found.type) {
    case 'took_effect':
      return accepted({ ...finished, ...found.report })
    case 'did_not_take_effect': {
      const outcome = {
        type: 'retryable_error',
        message: 'the worker was lost; the tool verified that nothing took effect',
      } as const
      return accepted({ ...finished, outcome, tookEffect: false, trust: trustOf(call) })
    }
    case 'unknown':
      return accepted({ ...finished, outcome: { type: 'unknown', message: found.message }, trust: trustOf(call) })
    default:
      return never(found)
  }
}
