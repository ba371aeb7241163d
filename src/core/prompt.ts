/** The part of a prompt that the log holds: a window over the transcript, rendered as neutral messages. */
import { trustOf } from './exposure.ts'
import type { Json } from './json.ts'
import { MARK_CHARACTERS, markResult, markText } from './mark-external.ts'
import type { Message } from './message.ts'
import { requestText } from './plan/request-text.ts'
import { type CallState, entriesOf, ROOT_TASK, type State, type TaskState, type TranscriptEntry } from './state.ts'
import { never, type Outcome } from './vocabulary.ts'

const CHARACTERS_PER_TOKEN = 4
/** Role names, ids and punctuation that every message costs on the wire. */
const CHARACTERS_PER_MESSAGE = 24

/** The estimate of a text's tokens, settled later by the provider's usage. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** Estimated tokens of the messages that the next request would carry. */
export function promptTokens(state: State, task: TaskState): number {
  if (task.purpose === 'plan') return tokensOf(plannerCharacters(state))
  let characters = task.taskId === ROOT_TASK ? 0 : briefCharacters(state, task)
  for (const entry of windowOf(state, state.seq, task)) {
    characters += CHARACTERS_PER_MESSAGE + shownCharacters(entry)
    if (entry.type !== 'assistant') continue
    for (const callId of entry.callIds) characters += CHARACTERS_PER_MESSAGE + resultCharacters(state.calls.get(callId))
  }
  return tokensOf(characters)
}

/** What a task is told when it begins, about: the results of what it depends on make most of it, and are bounded there. */
function briefCharacters(state: State, { taskId, delegated }: TaskState): number {
  if (delegated !== null) return delegated.brief.length
  const task = state.plan?.nodes.get(taskId)?.task
  return task === undefined ? 0 : BRIEF_CHARACTERS + JSON.stringify(task).length
}

/** A planner reads the request, and for a replan the plan in force with what came of it; its tools stand in its terms. */
function plannerCharacters(state: State): number {
  const { plan } = state
  const version =
    plan?.request?.cause.type === 'planned' ? undefined : plan?.versions.findLast(({ status }) => status === 'adopted')
  return (
    BRIEF_CHARACTERS + requestText(state).length + (version === undefined ? 0 : JSON.stringify(version.tasks).length)
  )
}

/** The estimate of everything in a brief that is not the task itself. */
const BRIEF_CHARACTERS = 2_000

function shownCharacters(entry: TranscriptEntry): number {
  return entry.type === 'user' && entry.trust === 'external' ? markText(entry.text).length : entry.characters
}

function resultCharacters(call: CallState | undefined): number {
  if (call === undefined) return 0
  return call.characters + (trustOf(call) === 'external' ? MARK_CHARACTERS : 0)
}

/** What a model is shown of the log up to `contextSeq`. A call is never parted from its result. */
export function renderMessages(state: State, contextSeq: number): readonly Message[] {
  return windowOf(state, contextSeq).flatMap((entry) => renderEntry(state, entry))
}

/**
 * The last turns, in steps of half a window, so that the front of the prompt stays the same for many turns (providers cache it).
 * The message that the work is about stays, however far back it is.
 */
export function windowOf(state: State, contextSeq: number, task?: TaskState): readonly TranscriptEntry[] {
  const { turn } = task ?? state.tasks.get(ROOT_TASK) ?? { turn: 0 }
  const transcript = task === undefined ? state.transcript : entriesOf(state, task)
  const step = Math.max(1, Math.floor((task?.windowTurns ?? state.limits.windowTurns) / 2))
  const newest = transcript.at(-1)
  const firstTurn = Math.max(0, Math.floor((turn - step) / step) * step)
  if (newest === undefined) return []
  let start = transcript.length
  let goal: TranscriptEntry | undefined
  while (start > 0) {
    const entry = transcript[start - 1]
    if (entry === undefined || (entry.type === 'assistant' && entry.turn <= firstTurn)) break
    start -= 1
  }
  const shown = asSeen(transcript.slice(start).filter((entry) => entry.seq <= contextSeq))
  if (shown.some((entry) => entry.type === 'user')) return shown
  for (let index = start - 1; index >= 0 && goal === undefined; index -= 1) {
    const entry = transcript[index]
    if (entry?.type === 'user') goal = entry
  }
  return goal === undefined ? shown : [goal, ...shown]
}

/** A message that came while the model answered stands behind that answer, which has not seen it. */
function asSeen(entries: readonly TranscriptEntry[]): readonly TranscriptEntry[] {
  const place = (entry: TranscriptEntry) => (entry.type === 'user' ? entry.seq : entry.contextSeq + 0.5)
  return entries.toSorted((one, other) => place(one) - place(other))
}

/** An assistant's turn with the results of its calls, or a message of a person. */
export function renderEntry(state: State, entry: TranscriptEntry): readonly Message[] {
  if (entry.type === 'user') {
    const { text, trust } = entry
    return [{ role: 'user', text: trust === 'external' ? markText(text) : text, trust }]
  }
  const calls = entry.callIds.flatMap((callId) => state.calls.get(callId) ?? [])
  return [{ role: 'assistant', parts: entry.parts }, ...calls.map(renderResult)]
}

function renderResult(call: CallState): Message {
  const { callId, providerCallId, tool, outcome } = call
  const isError = outcome?.type !== 'ok'
  return { role: 'tool', callId, providerCallId, tool, result: resultOf(call), isError }
}

function resultOf(call: CallState): Json {
  const { outcome } = call
  if (outcome === null) return { status: 'pending' }
  const isMarked = trustOf(call) === 'external' && call.startedAt > 0
  if (outcome.type !== 'ok') return isMarked ? markResult(observationOf(outcome)) : observationOf(outcome)
  const answered = call.presented === undefined ? outcome.output : call.presented
  const output = isMarked ? markResult(answered) : answered
  if (call.editedBy === null) return output
  return { note: `A person changed the input before it ran. What ran: ${JSON.stringify(call.input)}`, output }
}

/** How an outcome that is not `ok` reads to a model. */
export function observationOf(outcome: Exclude<Outcome, { type: 'ok' }>): Json {
  switch (outcome.type) {
    case 'retryable_error':
      return { error: outcome.message, mayRetry: true }
    case 'terminal_error':
      return { error: outcome.message, mayRetry: false }
    case 'blocked':
      return { blocked: outcome.reason, message: outcome.message }
    case 'cancelled':
      return { error: 'cancelled before it ran', mayRetry: false }
    case 'unknown':
      return { error: `nobody knows whether it took effect: ${outcome.message}`, mayRetry: false }
    default:
      return never(outcome)
  }
}
