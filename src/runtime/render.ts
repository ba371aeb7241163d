/** A prompt from the log, and its hash. What was rendered for a finished turn is kept, so that a turn costs the same late as early. */
import {
  cutFor,
  type Message,
  ROOT_TASK,
  renderEntry,
  type State,
  type TaskState,
  type TranscriptEntry,
  windowOf,
} from '../core/index.ts'
import { hashOf, sha256 } from './hash.ts'

export type Prompt = {
  readonly messages: readonly Message[]
  /** sha256 over the definition's hash and the hashes of the messages: what a replay compares. */
  readonly promptHash: string
}

type Rendered = { readonly messages: readonly Message[]; readonly hash: string; readonly mark: string }

const rendered = new WeakMap<TranscriptEntry, Rendered>()

export type Rendering = {
  readonly contextSeq: number
  readonly definitionHash: string
  /** Whose turns; the root's by default. */
  readonly task?: TaskState
  /** What stands in front of the turns, and behind them. */
  readonly before?: readonly Message[]
  readonly after?: readonly Message[]
  /** These messages, and no turns. */
  readonly only?: readonly Message[]
}

export function renderPrompt(state: State, rendering: Rendering): Prompt {
  const { contextSeq, definitionHash, task, before = [], after = [], only } = rendering
  const whose = task ?? state.tasks.get(ROOT_TASK)
  const entries =
    only === undefined
      ? windowOf(state, contextSeq, task).map((entry) => renderOnce(state, entry, cutFor(whose, entry)))
      : []
  const around = [only ?? before, after].map((messages) => (messages.length === 0 ? [] : [hashOf(messages)]))
  const [front = [], back = []] = around
  const promptHash = sha256([definitionHash, ...front, ...entries.map(({ hash }) => hash), ...back].join('\n'))
  return { messages: [...(only ?? before), ...entries.flatMap(({ messages }) => messages), ...after], promptHash }
}

function renderOnce(state: State, entry: TranscriptEntry, cut: number | null): Rendered {
  const mark = `${cut}/${markOf(state, entry)}`
  const known = rendered.get(entry)
  if (known !== undefined && known.mark === mark) return known
  const messages = renderEntry(state, entry, cut)
  const fresh = { messages, hash: hashOf(messages), mark }
  rendered.set(entry, fresh)
  return fresh
}

/** Changes whenever a call of the entry could read differently: another attempt, or a person's settlement. */
function markOf(state: State, entry: TranscriptEntry): string {
  if (entry.type === 'user') return ''
  return entry.callIds
    .map((callId) => {
      const call = state.calls.get(callId)
      return `${call?.status}/${call?.attempt}/${call?.settled?.settlement ?? ''}/${call?.processed === null ? '' : 'processed'}`
    })
    .join()
}
