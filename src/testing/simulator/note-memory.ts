/** Notes events about memory in an observer's record, beside the reducers and not from them. */
import type { EventKind, EventOf } from '../../core/index.ts'
import { COMPRESSED } from './memory-record.ts'
import type { SessionRecord } from './record.ts'

type Noting = { readonly seq: number }
type Notes = { readonly [K in EventKind]?: (record: SessionRecord, event: EventOf<K>, noting: Noting) => void }

export const memoryNotes: Notes = {
  result_processed: ({ memory }, { callId, attempt, noted }) => {
    memory.processed.add(`${callId}/${attempt}`)
    memory.awaited.clear()
    for (const key of noted) memory.awaited.set(key, callId)
  },
  fact_noted: ({ memory }, { type: _, ...terms }, { seq }) => {
    memory.awaited.delete(terms.key)
    memory.facts.set(terms.key, { ...terms, seq })
    memory.factsSeq = seq
  },
  facts_compressed: ({ memory }, { removed, points, trust = 'tool' }, { seq }) => {
    for (const key of removed) memory.facts.delete(key)
    memory.factsSeq = seq
    if (points === undefined) return
    const source = { kind: 'compression' } as const
    const terms = { key: COMPRESSED, value: points, kind: 'fact', source, priority: 50, confidence: 1, trust } as const
    memory.facts.set(COMPRESSED, { ...terms, seq })
  },
  question_opened: ({ memory }, { questionId }) => {
    memory.questions.set(questionId, true)
  },
  question_answered: ({ memory }, { questionId }) => {
    memory.questions.set(questionId, false)
  },
  history_compacted: ({ memory }, { taskId, throughSeq, summary, cutCharacters = null }, { seq }) => {
    const before = memory.compactions.get(taskId)?.summary ?? null
    memory.compactions.set(taskId, { seq, throughSeq, summary: summary ?? before, cutCharacters })
  },
  context_recalled: ({ memory }, event) => {
    memory.recalled.set(event.taskId, event)
  },
}

/** The output of a call is where an event says that it is. */
export function noteArtifact({ memory }: SessionRecord, callId: string, hash: string): void {
  memory.artifacts.set(hash, (memory.artifacts.get(hash) ?? new Set()).add(callId))
}
