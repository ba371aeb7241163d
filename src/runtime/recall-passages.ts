/** The action `recall`: passages of what has left a task's prompt, found by the words of its newest message. Never rejects. */
import {
  type Action,
  briefOf,
  type Completion,
  historyBefore,
  type Passage,
  previewOf,
  renderEntry,
  type State,
  type TaskState,
  type TranscriptEntry,
} from '../core/index.ts'
import { openSearch } from '../search/full-text.ts'
import { type Activation, stateOf } from './activation.ts'

type Recall = Extract<Action, { type: 'recall' }>

/** Of the words that are looked for, and of one passage. */
const QUERY_CHARACTERS = 2_000
const PASSAGE_CHARACTERS = 1_000
const MAX_PASSAGES = 20_000

export async function recallPassages(activation: Activation, action: Recall): Promise<Completion> {
  const { taskId, messageSeq, throughSeq } = action
  const state = stateOf(activation)
  const task = state.tasks.get(taskId)
  const query = task === undefined ? '' : previewOf(queryOf(state, task), QUERY_CHARACTERS)
  // What cannot be searched is as good as not found: the turn goes on without.
  const passages = task === undefined ? [] : await found(state, { task, throughSeq, query }).catch(() => [])
  return { type: 'record_recall', taskId, messageSeq, throughSeq, query, passages }
}

/** The newest message; of a task that nobody writes to, what it is about. */
function queryOf(state: State, task: TaskState): string {
  if (task.parent !== null) return briefOf(state, task)
  const newest = state.transcript.findLast((entry) => entry.type === 'user')
  return newest?.type === 'user' ? newest.text : ''
}

type Looked = { readonly task: TaskState; readonly throughSeq: number; readonly query: string }

async function found(state: State, { task, throughSeq, query }: Looked): Promise<readonly Passage[]> {
  const k = state.memory?.retrieve?.k ?? 0
  const passages = historyBefore(state, task, throughSeq).flatMap((entry) => passagesOf(state, entry))
  const { searchPassages } = await openSearch()
  return searchPassages(passages.slice(-MAX_PASSAGES), query, k).matches.map(({ passage }) => passage)
}

/** As the model was shown it, in pieces. */
function passagesOf(state: State, entry: TranscriptEntry): readonly Passage[] {
  return renderEntry(state, entry, null).flatMap((message): readonly Passage[] => {
    const { seq } = entry
    if (message.role === 'user') return pieces(message.text).map((text) => ({ seq, text, trust: message.trust }))
    if (message.role === 'tool')
      return pieces(`${message.tool}: ${JSON.stringify(message.result)}`).map((text) => ({
        seq,
        text,
        trust: 'tool' as const,
      }))
    if (message.role !== 'assistant') return []
    const said = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    return said.flatMap(pieces).map((text) => ({ seq, text, trust: 'tool' as const }))
  })
}

function pieces(text: string): readonly string[] {
  const all: string[] = []
  for (let rest = text; rest !== ''; ) {
    const piece = previewOf(rest, PASSAGE_CHARACTERS)
    all.push(piece)
    rest = rest.slice(Math.max(1, piece.length))
  }
  return all
}
