/** What is shown of memory. A processor is given inputs, and a summary is one of calls: both may quote what is sensitive in them. */
import type { MemoryEventTable } from '../core/index.ts'
import { type FieldRules, told } from './mask-rule.ts'

export const memoryRules: FieldRules<keyof MemoryEventTable> = {
  result_processed: { callId: 'shown', attempt: 'shown', noted: told, ignored: told, problem: told },
  fact_noted: {
    key: told,
    value: told,
    kind: 'shown',
    source: 'shown',
    priority: 'shown',
    confidence: 'shown',
    artifact: 'shown',
    trust: 'shown',
    sensitivity: 'shown',
  },
  facts_compressed: {
    taskId: 'shown',
    removed: told,
    points: told,
    trust: 'shown',
    sensitivity: 'shown',
    problem: told,
  },
  history_compacted: {
    taskId: 'shown',
    strategy: 'shown',
    throughSeq: 'shown',
    summary: told,
    trust: 'shown',
    cutCharacters: 'shown',
    tokensBefore: 'shown',
    tokensAfter: 'shown',
    problem: told,
  },
  context_recalled: {
    taskId: 'shown',
    messageSeq: 'shown',
    throughSeq: 'shown',
    query: told,
    passages: (passages, { mask }) => passages.map((passage) => ({ ...passage, text: mask.told(passage.text) })),
  },
  question_opened: { questionId: 'shown', text: told, source: 'shown', trust: 'shown' },
  question_answered: { questionId: 'shown', answer: told, source: 'shown', trust: 'shown' },
}
