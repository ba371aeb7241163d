/** The trace: a log as readers are told it. A view, with words of its own (`trace-words.ts`); nothing of it is stored. */

import { type ArtifactRef, artifactId } from './artifact/artifact.ts'
import { Draft } from './draft.ts'
import type { EventOf, LogEvent, PawlEvent } from './event.ts'
import { freshState } from './fresh-state.ts'
import type { Json, JsonObject } from './json.ts'
import { reduce } from './reduce.ts'
import { type CallState, ROOT_TASK, type State } from './state.ts'
import { status, statusWord } from './status.ts'
import { memoryRow } from './trace-memory.ts'
import { planRow } from './trace-plan.ts'
import { type StatusWord, type TraceStatus, traceWords } from './trace-words.ts'
import type { Outcome } from './vocabulary.ts'

export type TraceKind =
  | 'decision_recorded'
  | 'tool_result'
  | 'state_transition'
  | 'route_chosen'
  | 'plan_transition'
  | 'task_transition'
  | 'recovery_chosen'
  | 'memory_transition'

/** One line of a trace. Fields besides these are those of the tool's `summarize`, or say more of a failure or an ending. */
export type TraceRow = {
  /** The turn. */
  readonly step: number
  readonly kind: TraceKind
  /** Of the plan; absent: the session's own loop. */
  readonly task?: string
  readonly tool?: string
  readonly status: TraceStatus
  readonly reason?: string
  readonly [field: string]: Json | undefined
}

/** The calls of a turn that have come to something, in the order proposed; flushed by the next decision or transition. */
type Results = { readonly order: number; readonly row: TraceRow }[]

/**
 * The rows of a log, in its order; only the results of one turn stand in the order in which the calls were proposed.
 * A longer log only adds rows behind, save that results of the newest turn may still change places.
 */
export function traceOf(log: readonly LogEvent[]): readonly TraceRow[] {
  const rows: TraceRow[] = []
  const results: Results = []
  const draft = new Draft(freshState('', ''))
  let before = wordOf(draft.state)
  for (const { event, at } of log) {
    reduce(draft, event, at)
    const { state } = draft
    const after = wordOf(state)
    const result = resultOf(state, event)
    if (result !== null) results.push(result)
    const planned = planRow(state, event) ?? memoryRow(state, event)
    if (event.type === 'decision_recorded' || planned !== null || after !== before) rows.push(...flush(results))
    if (event.type === 'decision_recorded') rows.push(decisionRow(event))
    if (planned !== null) rows.push(planned)
    if (after !== before) rows.push(transitionRow(state, after, event))
    before = after
  }
  return [...rows, ...flush(results)]
}

function wordOf(state: State): StatusWord {
  // `statusWord` puts together exactly these words.
  return statusWord(status(state)) as StatusWord
}

function flush(results: Results): readonly TraceRow[] {
  return results
    .splice(0)
    .sort((one, other) => one.order - other.order)
    .map(({ row }) => row)
}

function decisionRow({ taskId, turn, decision }: EventOf<'decision_recorded'>): TraceRow {
  return { step: turn, kind: 'decision_recorded', ...ofTask(taskId), status: traceWords.decision[decision] }
}

function ofTask(taskId: string): { readonly task?: string } {
  return taskId === ROOT_TASK ? {} : { task: taskId }
}

function resultOf(state: State, event: PawlEvent): Results[number] | null {
  switch (event.type) {
    case 'approval_requested':
      return resultRow(state, event.callId, { status: traceWords.call.held, reason: event.reason })
    case 'call_finished':
      return resultRow(state, event.callId, {
        ...event.summary,
        ...(event.verified === true && { verified: true }),
        ...(event.trust === 'external' && { trust: event.trust }),
        ...keptIn(event.artifact),
        ...(event.outputTruncated === true && { outputTruncated: true }),
        ...saidOf(event.outcome),
      })
    case 'call_lost':
      return resultRow(state, event.callId, { status: traceWords.call.lost, reason: 'its worker is gone' })
    case 'call_settled':
      return event.settlement === 'run_again' ? null : settledRow(state, event)
    default:
      return null
  }
}

function settledRow(state: State, { callId, by, artifact }: EventOf<'call_settled'>): Results[number] | null {
  const outcome = state.calls.get(callId)?.outcome ?? null
  if (outcome === null) return null
  return resultRow(state, callId, { ...keptIn(artifact), ...saidOf(outcome), reason: 'settled', by })
}

/** Where the whole output is: the id that the model has of it, and its size. */
function keptIn(artifact: ArtifactRef | undefined): { readonly artifact?: string; readonly bytes?: number } {
  return artifact === undefined ? {} : { artifact: artifactId(artifact), bytes: artifact.bytes }
}

type Said = JsonObject & { readonly status: TraceStatus; readonly reason?: string }

function saidOf(outcome: Outcome): Said {
  const said = { status: traceWords.call[outcome.type] }
  switch (outcome.type) {
    case 'ok':
    case 'cancelled':
      return said
    case 'blocked':
      return { ...said, reason: outcome.reason }
    default:
      return { ...said, message: outcome.message }
  }
}

function resultRow(state: State, callId: string, said: Said): Results[number] | null {
  const call = state.calls.get(callId)
  if (call === undefined) return null
  const { status: word, reason, step: _, kind: __, task: ___, tool: ____, ...fields } = said
  const row: TraceRow = {
    step: call.turn,
    kind: 'tool_result',
    ...ofTask(call.taskId),
    tool: call.tool,
    status: word,
    ...(reason !== undefined && { reason }),
    ...fields,
  }
  return { order: orderOf(call), row }
}

/** Call ids are ours: `c1`, `c2`, … in the order proposed. */
function orderOf({ callId }: CallState): number {
  return Number(callId.slice(1))
}

function transitionRow(state: State, word: StatusWord, event: PawlEvent): TraceRow {
  const step = state.tasks.get(ROOT_TASK)?.turn ?? 0
  const row = { step, kind: 'state_transition', status: traceWords.state[word] } as const
  if (event.type === 'session_ended') {
    const { type: ending, message: _, ...rest } = event.ending
    return { ...row, reason: event.reason, ending, ...rest, ...(event.partial === true && { partial: true }) }
  }
  if (event.type === 'model_failed') return { ...row, reason: event.error.code }
  if (event.type === 'recovery_chosen') return { ...row, reason: event.failure }
  return word === 'running' ? { ...row, reason: whyRunning(event) } : row
}

/** What set a session going again. */
function whyRunning(event: PawlEvent): string {
  return event.type === 'approval_resolved' ? event.resolution : event.type
}
