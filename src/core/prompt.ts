/** The part of a prompt that the log holds: a window over the transcript, rendered as neutral messages. */
import { markText } from './mark-external.ts'
import { cutResult, cutText } from './memory/cut.ts'
import { asSeen, cutFor, goalOf, historySince } from './memory/history.ts'
import type { Message } from './message.ts'
import { shownResult } from './shown-result.ts'
import { type CallState, entriesOf, ROOT_TASK, type State, type TaskState, type TranscriptEntry } from './state.ts'

/** What a model is shown of the log up to `contextSeq`. A call is never parted from its result. */
export function renderMessages(state: State, contextSeq: number): readonly Message[] {
  const root = state.tasks.get(ROOT_TASK)
  return windowOf(state, contextSeq).flatMap((entry) => renderEntry(state, entry, cutFor(root, entry)))
}

/** The turns that a prompt shows, and the message that the work is about, however far back it is. */
export function windowOf(state: State, contextSeq: number, task?: TaskState): readonly TranscriptEntry[] {
  const whose = task ?? state.tasks.get(ROOT_TASK)
  if (whose === undefined) return []
  if (state.memory === null) return windowByTurns(state, contextSeq, whose)
  const shown = historySince(state, whose, contextSeq)
  const goal = goalOf(state, whose, shown)
  return goal === undefined ? asSeen(shown) : [goal, ...asSeen(shown)]
}

/** Of sessions from before compactions were events: the last turns, in steps of half a window. */
function windowByTurns(state: State, contextSeq: number, task: TaskState): readonly TranscriptEntry[] {
  const transcript = entriesOf(state, task)
  const step = Math.max(1, Math.floor((task.windowTurns ?? state.limits.windowTurns) / 2))
  const firstTurn = Math.max(0, Math.floor((task.turn - step) / step) * step)
  let start = transcript.length
  while (start > 0) {
    const entry = transcript[start - 1]
    if (entry === undefined || (entry.type === 'assistant' && entry.turn <= firstTurn)) break
    start -= 1
  }
  const shown = asSeen(transcript.slice(start).filter((entry) => entry.seq <= contextSeq))
  const isOpen = shown.length === 0 || shown.some(({ type }) => type === 'user')
  const goal = isOpen ? undefined : transcript.slice(0, start).findLast(({ type }) => type === 'user')
  return goal === undefined ? shown : [goal, ...shown]
}

/** An assistant's turn with the results of its calls, or a message of a person. `cut`: what is longer is cut to so many characters. */
export function renderEntry(state: State, entry: TranscriptEntry, cut: number | null): readonly Message[] {
  if (entry.type === 'user') {
    const { trust } = entry
    const isMarked = trust === 'external'
    const text = cutText(entry.text, cut, isMarked)
    return [{ role: 'user', text: isMarked ? markText(text) : text, trust }]
  }
  const calls = entry.callIds.flatMap((callId) => state.calls.get(callId) ?? [])
  return [{ role: 'assistant', parts: entry.parts }, ...calls.map((call) => renderResult(state, call, cut))]
}

function renderResult(state: State, call: CallState, cut: number | null): Message {
  const { callId, providerCallId, tool, outcome } = call
  const isError = outcome?.type !== 'ok'
  return { role: 'tool', callId, providerCallId, tool, result: cutResult(shownResult(state, call), cut), isError }
}
