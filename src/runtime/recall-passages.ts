/** The action `recall`: passages of what has left a task's prompt, found by the words of its newest message. Never rejects. */
import {
  type Action,
  type Completion,
  entriesOf,
  type Passage,
  previewOf,
  renderEntry,
  type State,
  type TaskState,
  type TranscriptEntry,
  trustOf,
  windowOf,
} from '../core/index.ts'
import { openSearch, type PassageIndex } from '../search/full-text.ts'
import { type Activation, stateOf } from './activation.ts'

type Recall = Extract<Action, { type: 'recall' }>

/** Of the words that are looked for, and of one passage. */
const QUERY_CHARACTERS = 2_000
const PASSAGE_CHARACTERS = 1_000
/** Of one message, which may be the one that stands in the prompt anyway. */
const MAX_PIECES = 300

export async function recallPassages(activation: Activation, action: Recall): Promise<Completion> {
  const { taskId, messageSeq, throughSeq } = action
  const state = stateOf(activation)
  const task = state.tasks.get(taskId)
  const query = task === undefined ? '' : previewOf(queryOf(state, task), QUERY_CHARACTERS)
  // What cannot be searched is as good as not found: the turn goes on without.
  const passages = task === undefined ? [] : await found(activation, { task, throughSeq, query }).catch(() => [])
  return { type: 'record_recall', taskId, messageSeq, throughSeq, query, passages }
}

/** The newest message; of a task that nobody writes to, what it is about, in its own words alone. */
function queryOf(state: State, task: TaskState): string {
  if (task.delegated !== null) return `${task.delegated.name} ${task.delegated.brief}`
  if (task.parent !== null) {
    const { name = '', description = '' } = state.plan?.nodes.get(task.taskId)?.task ?? {}
    return `${name} ${description}`
  }
  const newest = state.transcript.findLast((entry) => entry.type === 'user')
  return newest?.type === 'user' ? newest.text : ''
}

type Looked = { readonly task: TaskState; readonly throughSeq: number; readonly query: string }

async function found(activation: Activation, { task, throughSeq, query }: Looked): Promise<readonly Passage[]> {
  const state = stateOf(activation)
  const k = state.memory?.retrieve?.k ?? 0
  // The message that the work is about stands in every prompt, however far back it is.
  const goal = windowOf(state, state.seq, task).find(({ seq }) => seq <= throughSeq)
  const known = await indexOf(activation, task)
  const left = entriesOf(state, task).filter(({ seq }) => seq > known.throughSeq && seq <= throughSeq)
  known.index.add(left.flatMap((entry) => passagesOf(state, entry)))
  known.throughSeq = Math.max(known.throughSeq, throughSeq)
  const { matches } = known.index.search(query, k + MAX_PIECES)
  const found = matches.map(({ passage }) => passage).filter(({ seq }) => seq <= throughSeq && seq !== goal?.seq)
  return found.slice(0, k)
}

type Known = { readonly index: PassageIndex<Passage>; throughSeq: number }

/** What has left is taken in once: a turn costs the same late as early, for as long as a session is driven without a pause. */
const indexes = new WeakMap<Activation, Map<string, Promise<Known>>>()

function indexOf(activation: Activation, { taskId, attempt }: TaskState): Promise<Known> {
  const known = indexes.get(activation) ?? new Map<string, Promise<Known>>()
  indexes.set(activation, known)
  const key = `${attempt}/${taskId}`
  const index = known.get(key) ?? openSearch().then((search) => ({ index: search.openIndex<Passage>(), throughSeq: 0 }))
  known.set(key, index)
  // What cannot be opened now may be later.
  index.catch(() => known.delete(key))
  return index
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
        trust: trustOfCall(state, message.callId),
      }))
    if (message.role !== 'assistant') return []
    const said = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    return said.flatMap(pieces).map((text) => ({ seq, text, trust: 'tool' as const }))
  })
}

function trustOfCall({ calls }: State, callId: string): Passage['trust'] {
  const call = calls.get(callId)
  return call === undefined ? 'tool' : trustOf(call)
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
