import { SEARCH_TOOLS } from './builtin-names.ts'
import type { Draft } from './draft.ts'
import type { EventOf } from './event.ts'
import type { Json } from './json.ts'
import { isJsonObject } from './plan/same-json.ts'
import { unpark } from './reduce-session.ts'
import type { Reducers } from './reducers.ts'
import { shownResult } from './shown-result.ts'
import type { CallState } from './state.ts'
import { beginWork, endWork, loseWork } from './under-way.ts'
import type { Outcome } from './vocabulary.ts'

export const callReducers: Reducers<
  'call_judged' | 'call_started' | 'call_finished' | 'call_lost' | 'call_settled' | 'late_outcome_noted'
> = {
  call_judged(draft, event) {
    const call = draft.state.calls.get(event.callId)
    if (call === undefined) return
    draft.set(call, 'judgements', call.judgements + 1)
    draft.set(call, 'judgedFence', event.fence)
    draft.set(call, 'judgedEpoch', event.writeEpoch ?? draft.state.writeEpoch)
    const { judgement } = event
    if (judgement.type === 'question' || judgement.type === 'control') draft.set(call, 'effect', 'read')
    if (judgement.type === 'control') control(draft, call, judgement.input)
    if (judgement.type === 'invalid') draft.set(call, 'effect', judgement.effect ?? null)
    if (judgement.type !== 'verdict') return
    draft.set(call, 'terms', judgement.terms)
    draft.set(call, 'effect', judgement.terms.effect)
    if (judgement.input !== undefined) draft.set(call, 'input', judgement.input)
    const verdict = event.raised ?? judgement.verdict
    if (verdict.type !== 'allow') draft.set(call, 'policyReason', verdict.reason)
    if (verdict.type === 'allow') draft.set(call, 'status', 'allowed')
  },
  call_started(draft, event, at) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    noteEffect(draft, call)
    if (call.effect !== 'read' && call.effect !== null) draft.count(state, 'writeEpoch', 1)
    draft.set(call, 'status', 'started')
    draft.set(call, 'attempt', event.attempt)
    draft.set(call, 'fence', event.fence)
    draft.set(call, 'startedAt', at)
    draft.set(call, 'leaseMs', event.leaseMs)
    draft.set(call, 'retryAt', null)
    draft.set(call, 'outcome', null)
    draft.count(state.ledger, 'calls', 1)
    draft.add(state.index.started, call.callId)
    beginWork(draft, state.tasks.get(call.taskId), at)
  },
  call_finished(draft, event, at) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    if (state.index.started.has(call.callId)) endWork(draft, state.tasks.get(call.taskId), at)
    draft.drop(state.index.started, call.callId)
    draft.set(call, 'tookEffect', mayHaveTakenEffect(call, event))
    draft.set(call, 'attempt', event.attempt)
    if (call.effect !== 'read' && call.effect !== null) draft.count(state, 'writeEpoch', 1)
    if (event.retryAt !== undefined) {
      draft.set(call, 'status', 'allowed')
      draft.set(call, 'retryAt', event.retryAt)
      draft.set(call, 'retries', call.retries + 1)
      draft.set(call, 'outcome', event.outcome)
      draft.count(state.ledger, 'callRetries', 1)
      return
    }
    noteViews(draft, call, event)
    if (call.tool === SEARCH_TOOLS) noteFound(draft, call, event.outcome)
    if (call.isControl) draft.set(call, 'controlTrust', event.trust)
    finish(draft, call, event.outcome)
  },
  call_lost(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    draft.drop(state.index.started, call.callId)
    loseWork(draft, state.tasks.get(call.taskId))
    draft.set(call, 'status', 'lost')
  },
  call_settled(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    unpark(draft)
    draft.drop(state.index.unknown, call.callId)
    const { settlement, by, reason } = event
    draft.set(call, 'settled', { settlement, by, reason: reason ?? null })
    draft.count(state, 'writeEpoch', 1)
    if (settlement === 'run_again') runAgain(draft, call, by)
    else settleCall(draft, call, event)
  },
  late_outcome_noted(draft, event) {
    const call = draft.state.calls.get(event.callId)
    if (call !== undefined) draft.set(call, 'lateOutcome', event.outcome)
  },
}

/** Nothing runs outside: it is as good as allowed, and control flow answers it. */
function control(draft: Draft, call: CallState, input: Json | undefined): void {
  draft.set(call, 'isControl', true)
  draft.set(call, 'status', 'allowed')
  if (input !== undefined) draft.set(call, 'input', input)
}

/** An attempt that never began says nothing of those before it, and neither does one that a person wanted after an `unknown` one. */
function mayHaveTakenEffect(call: CallState, event: EventOf<'call_finished'>): boolean {
  const began = call.status === 'started' || call.status === 'lost'
  if (!began && call.attempt > 0) return call.tookEffect
  return event.tookEffect !== false || call.runAgainBy !== null
}

type Views = Pick<EventOf<'call_finished'>, 'presented' | 'summary' | 'ending' | 'artifact'>

/** What its tool says of the output, and where the whole of it is. */
function noteViews(draft: Draft, call: CallState, { presented, summary, ending, artifact }: Views): void {
  const { index } = draft.state
  draft.set(call, 'presented', presented)
  draft.set(call, 'summary', summary)
  draft.set(call, 'ending', ending ?? null)
  draft.set(call, 'artifact', artifact ?? null)
  draft.set(call, 'processed', null)
  if (artifact === undefined) return
  const callIds = index.artifacts.get(artifact.hash)
  if (callIds === undefined) draft.put(index.artifacts, artifact.hash, [call.callId])
  else if (!callIds.includes(call.callId)) draft.push(callIds, call.callId)
}

/** More than any list that is shown. */
const MAX_FOUND = 100

/** What a search has found for its task is shown to it from its next turn on: the newest last, and of one search the best. */
function noteFound(draft: Draft, { taskId }: CallState, outcome: Outcome): void {
  const task = draft.state.tasks.get(taskId)
  const names = outcome.type === 'ok' ? namesOf(outcome.output).reverse() : []
  if (task === undefined || names.length === 0) return
  const others = task.found.filter((name) => !names.includes(name))
  draft.set(task, 'found', [...others, ...names].slice(-MAX_FOUND))
}

/** `{ tools: [{ name }] }`. */
function namesOf(output: Json): string[] {
  const tools = isJsonObject(output) ? output['tools'] : []
  if (!Array.isArray(tools)) return []
  return tools.flatMap((found: Json) =>
    isJsonObject(found) && typeof found['name'] === 'string' ? [found['name']] : [],
  )
}

/** Ends a call with its outcome; the last open one of a turn makes the next turn due. */
function finish(draft: Draft, call: CallState, outcome: Outcome): void {
  const { state } = draft
  draft.set(call, 'status', 'finished')
  draft.set(call, 'retryAt', null)
  draft.set(call, 'outcome', outcome)
  draft.set(call, 'characters', JSON.stringify(shownResult(state, call)).length)
  if (outcome.type === 'unknown') draft.add(state.index.unknown, call.callId)
  const task = state.tasks.get(call.taskId)
  if (task === undefined || task.phase === 'failed') return
  draft.set(
    task,
    'open',
    task.open.filter((callId) => callId !== call.callId),
  )
  if (task.open.length === 0 && task.phase === 'calls') draft.set(task, 'phase', task.isCall ? 'answered' : 'decide')
}

function settleCall(draft: Draft, call: CallState, event: EventOf<'call_settled'>): void {
  if (event.settlement === 'took_effect') {
    draft.set(call, 'outcome', { type: 'ok', output: event.output ?? null })
    noteViews(draft, call, event)
  } else {
    draft.set(call, 'tookEffect', false)
    draft.set(call, 'outcome', { type: 'retryable_error', message: `${event.by} found that it did not take effect` })
  }
  draft.set(call, 'characters', JSON.stringify(shownResult(draft.state, call)).length)
}

/** A person takes a new attempt on themselves: the call is open again, and the turn waits for it. */
function runAgain(draft: Draft, call: CallState, by: string): void {
  draft.set(call, 'status', 'allowed')
  draft.set(call, 'runAgainBy', by)
  draft.set(call, 'judgedFence', 0)
  draft.set(call, 'outcome', null)
  const task = draft.state.tasks.get(call.taskId)
  if (task === undefined) return
  draft.set(task, 'open', [...task.open, call.callId])
  if (task.phase === 'decide' || (task.isCall && task.phase === 'answered')) draft.set(task, 'phase', 'calls')
}

/** Remembers that this effect was begun, under whichever call id. */
function noteEffect(draft: Draft, call: CallState): void {
  const { effects } = draft.state.index
  const hash = call.terms?.effectHash
  if (hash === undefined) return
  const callIds = effects.get(hash)
  if (callIds === undefined) draft.put(effects, hash, [call.callId])
  else if (!callIds.includes(call.callId)) draft.push(callIds, call.callId)
}
