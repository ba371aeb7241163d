/** A prompt from the log, and its hash. What was rendered for a finished turn is kept, so that a turn costs the same late as early. */
import { type Message, renderEntry, type State, type TranscriptEntry, windowOf } from '../core/index.ts'
import { hashOf, sha256 } from './hash.ts'

export type Prompt = {
  readonly messages: readonly Message[]
  /** sha256 over the definition's hash and the hashes of the messages: what a replay compares. */
  readonly promptHash: string
}

type Rendered = { readonly messages: readonly Message[]; readonly hash: string; readonly mark: string }

const rendered = new WeakMap<TranscriptEntry, Rendered>()

export function renderPrompt(state: State, contextSeq: number, definitionHash: string): Prompt {
  const entries = windowOf(state, contextSeq).map((entry) => renderOnce(state, entry))
  const promptHash = sha256([definitionHash, ...entries.map(({ hash }) => hash)].join('\n'))
  return { messages: entries.flatMap(({ messages }) => messages), promptHash }
}

function renderOnce(state: State, entry: TranscriptEntry): Rendered {
  const mark = markOf(state, entry)
  const known = rendered.get(entry)
  if (known !== undefined && known.mark === mark) return known
  const messages = renderEntry(state, entry)
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
      return `${call?.status}/${call?.attempt}/${call?.settled?.settlement ?? ''}`
    })
    .join()
}
