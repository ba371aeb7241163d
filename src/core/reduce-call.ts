import { add, count, type Draft, drop, push, put, set } from './draft.ts'
import type { EventOf } from './event.ts'
import type { Reducers } from './reducers.ts'
import { unpark } from './reduce-session.ts'
import type { CallState } from './state.ts'
import type { Outcome } from './vocabulary.ts'

export const callReducers: Reducers<
  'call_judged' | 'call_started' | 'call_finished' | 'call_lost' | 'call_settled' | 'late_outcome_noted'
> = {
  call_judged(draft, event) {
    const call = draft.state.calls.get(event.callId)
    if (call === undefined) return
    set(draft, call, 'judgements', call.judgements + 1)
    set(draft, call, 'judgedFence', event.fence)
    set(draft, call, 'judgedEpoch', draft.state.writeEpoch)
    const { judgement } = event
    if (judgement.type === 'question') set(draft, call, 'effect', 'read')
    if (judgement.type === 'invalid') set(draft, call, 'effect', judgement.effect ?? null)
    if (judgement.type !== 'verdict') return
    set(draft, call, 'terms', judgement.terms)
    set(draft, call, 'effect', judgement.terms.effect)
    if (judgement.input !== undefined) set(draft, call, 'input', judgement.input)
    const verdict = event.raised ?? judgement.verdict
    if (verdict.type !== 'allow') set(draft, call, 'policyReason', verdict.reason)
    if (verdict.type === 'allow') set(draft, call, 'status', 'allowed')
  },
  call_started(draft, event, at) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    noteEffect(draft, call)
    set(draft, call, 'status', 'started')
    set(draft, call, 'attempt', event.attempt)
    set(draft, call, 'fence', event.fence)
    set(draft, call, 'startedAt', at)
    set(draft, call, 'leaseMs', event.leaseMs)
    set(draft, call, 'retryAt', null)
    set(draft, call, 'outcome', null)
    count(draft, state.ledger, 'calls', 1)
    add(draft, state.index.started, call.callId)
  },
  call_finished(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    drop(draft, state.index.started, call.callId)
    set(draft, call, 'tookEffect', mayHaveTakenEffect(call, event))
    set(draft, call, 'attempt', event.attempt)
    if (call.effect !== 'read' && call.effect !== null) count(draft, state, 'writeEpoch', 1)
    if (event.retryAt !== undefined) {
      set(draft, call, 'status', 'allowed')
      set(draft, call, 'retryAt', event.retryAt)
      set(draft, call, 'retries', call.retries + 1)
      set(draft, call, 'outcome', event.outcome)
      count(draft, state.ledger, 'callRetries', 1)
      return
    }
    set(draft, call, 'presented', event.presented)
    set(draft, call, 'summary', event.summary)
    set(draft, call, 'ending', event.ending ?? null)
    finish(draft, call, event.outcome)
  },
  call_lost(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    drop(draft, state.index.started, call.callId)
    set(draft, call, 'status', 'lost')
  },
  call_settled(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    unpark(draft)
    drop(draft, state.index.unknown, call.callId)
    const { settlement, by, reason } = event
    set(draft, call, 'settled', { settlement, by, reason: reason ?? null })
    count(draft, state, 'writeEpoch', 1)
    if (settlement === 'run_again') runAgain(draft, call, by)
    else settleCall(draft, call, event)
  },
  late_outcome_noted(draft, event) {
    const call = draft.state.calls.get(event.callId)
    if (call !== undefined) set(draft, call, 'lateOutcome', event.outcome)
  },
}

/** An attempt that never began says nothing of those before it, and neither does one that a person wanted after an `unknown` one. */
function mayHaveTakenEffect(call: CallState, event: EventOf<'call_finished'>): boolean {
  const began = call.status === 'started' || call.status === 'lost'
  if (!began && call.attempt > 0) return call.tookEffect
  return event.tookEffect !== false || call.runAgainBy !== null
}

/** Ends a call with its outcome; the last open one of a turn makes the next turn due. */
function finish(draft: Draft, call: CallState, outcome: Outcome): void {
  const { state } = draft
  set(draft, call, 'status', 'finished')
  set(draft, call, 'retryAt', null)
  set(draft, call, 'outcome', outcome)
  set(draft, call, 'characters', charactersOf(call, outcome))
  if (outcome.type === 'unknown') add(draft, state.index.unknown, call.callId)
  const task = state.tasks.get(call.taskId)
  if (task === undefined || task.phase === 'failed') return
  set(draft, task, 'open', task.open.filter((callId) => callId !== call.callId))
  if (task.open.length === 0 && task.phase === 'calls') set(draft, task, 'phase', 'decide')
}

function settleCall(draft: Draft, call: CallState, event: EventOf<'call_settled'>): void {
  if (event.settlement === 'took_effect') {
    set(draft, call, 'outcome', { type: 'ok', output: event.output ?? null })
  } else {
    set(draft, call, 'tookEffect', false)
    set(draft, call, 'outcome', { type: 'retryable_error', message: `${event.by} found that it did not take effect` })
  }
  set(draft, call, 'characters', charactersOf(call, call.outcome))
}

/** A person takes a new attempt on themselves: the call is open again, and the turn waits for it. */
function runAgain(draft: Draft, call: CallState, by: string): void {
  set(draft, call, 'status', 'allowed')
  set(draft, call, 'runAgainBy', by)
  set(draft, call, 'judgedFence', 0)
  set(draft, call, 'outcome', null)
  const task = draft.state.tasks.get(call.taskId)
  if (task === undefined) return
  set(draft, task, 'open', [...task.open, call.callId])
  if (task.phase === 'decide') set(draft, task, 'phase', 'calls')
}

/** Remembers that this effect was begun, under whichever call id. */
function noteEffect(draft: Draft, call: CallState): void {
  const { effects } = draft.state.index
  const hash = call.terms?.effectHash
  if (hash === undefined) return
  const callIds = effects.get(hash)
  if (callIds === undefined) put(draft, effects, hash, [call.callId])
  else if (!callIds.includes(call.callId)) push(draft, callIds, call.callId)
}

function charactersOf(call: CallState, outcome: Outcome | null): number {
  if (call.presented !== undefined) return JSON.stringify(call.presented).length
  if (outcome === null || outcome.type === 'cancelled') return 0
  return outcome.type === 'ok' ? JSON.stringify(outcome.output).length : outcome.message.length
}
