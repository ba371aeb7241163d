import type { Draft } from '../draft.ts'
import type { Reducers } from '../reducers.ts'
import type { TaskState } from '../state.ts'
import { COMPRESSED_KEY, DEFAULT_PRIORITY, type Fact, type FactTerms, KEPT_ANSWERS } from './fact.ts'
import type { MemoryEventTable } from './memory-events.ts'
import { processedNote } from './processed-note.ts'
import { isOfMemory } from './purposes.ts'

export const memoryReducers: Reducers<keyof MemoryEventTable> = {
  result_processed(draft, event) {
    const { state } = draft
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    const { noted, ignored = [], problem = null } = event
    draft.set(call, 'processed', { noted, ignored, problem })
    const note = processedNote(state, call)
    if (note !== null) draft.set(call, 'characters', JSON.stringify(note).length)
    endMemoryTurn(draft, state.tasks.get(call.taskId))
  },
  fact_noted(draft, event, at) {
    const { type: _, ...terms } = event
    noteFact(draft, terms, at)
  },
  facts_compressed(draft, event, at) {
    const { state } = draft
    const { removed, points, trust = 'tool', sensitivity, taskId } = event
    const kept = [...state.facts].filter(([key]) => !removed.includes(key))
    draft.set(state, 'facts', new Map(kept))
    const source = { kind: 'compression', taskId } as const
    const terms = {
      key: COMPRESSED_KEY,
      kind: 'fact',
      source,
      priority: DEFAULT_PRIORITY,
      confidence: 1,
      trust,
    } as const
    if (points !== undefined) noteFact(draft, { ...terms, value: points, ...(sensitivity && { sensitivity }) }, at)
    endMemoryTurn(draft, state.tasks.get(taskId))
  },
  history_compacted(draft, event) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    if (task === undefined) return
    const { throughSeq, summary = task.compaction?.summary ?? null, cutCharacters = null } = event
    const trust = event.trust ?? task.compaction?.trust ?? 'tool'
    draft.set(task, 'compaction', { seq: state.seq + 1, throughSeq, summary, trust, cutCharacters })
    endMemoryTurn(draft, task)
  },
  context_recalled(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    const { messageSeq, throughSeq, passages } = event
    if (task !== undefined) draft.set(task, 'recalled', { messageSeq, throughSeq, passages })
  },
  question_opened(draft, event) {
    const { type: _, ...question } = event
    draft.replace(draft.state.questions, event.questionId, { ...question, answer: null })
  },
  question_answered(draft, event) {
    const { questions } = draft.state
    const question = questions.get(event.questionId)
    if (question === undefined) return
    // An answer from outside stays one, whoever has asked.
    const trust = event.trust === 'external' ? event.trust : question.trust
    draft.replace(questions, event.questionId, { ...question, trust, answer: event.answer })
    forgetAnswers(draft)
  },
}

/** The newest question stays in any case: the next has the id after it. */
function forgetAnswers(draft: Draft): void {
  const all = [...draft.state.questions]
  const answered = all.filter(([, { answer }]) => answer !== null)
  const gone = new Set(answered.slice(0, -KEPT_ANSWERS).map(([questionId]) => questionId))
  if (gone.size > 0) draft.set(draft.state, 'questions', new Map(all.filter(([questionId]) => !gone.has(questionId))))
}

/** The same key replaces, and stands at its end: what was noted last is the newest. */
function noteFact(draft: Draft, terms: FactTerms, at: number): void {
  const { state } = draft
  const fact: Fact = { ...terms, seq: state.seq + 1, at }
  const others = [...state.facts].filter(([key]) => key !== terms.key)
  draft.set(state, 'facts', new Map([...others, [terms.key, fact]]))
}

/** A request of memory has been answered, or given up: the turn that it stood in front of is due, or its one call is all there is. */
function endMemoryTurn(draft: Draft, task: TaskState | undefined): void {
  if (task === undefined || !isOfMemory(task.purpose)) return
  draft.set(task, 'purpose', 'decide')
  draft.set(task, 'phase', task.isCall ? 'answered' : 'decide')
  draft.set(task, 'attempts', 0)
  draft.set(task, 'failures', 0)
  draft.set(task, 'retryAt', null)
}
