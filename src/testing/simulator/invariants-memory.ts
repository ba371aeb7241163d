/** Memory: what is noted, compressed and compacted, and how much of it there may be. */
import type { EventOf } from '../../core/index.ts'
import { checkSummary } from './check-memory-prompt.ts'
import { type Checks, type Complaint, complain } from './complaint.ts'
import { COMPRESSED, isPinnedRecord } from './memory-record.ts'
import type { SessionRecord } from './record.ts'

export const memoryChecks: Checks = {
  model_started: (record, event) => (event.purpose === 'decide' && event.attempt === 1 ? checkFactCount(record) : []),
  result_processed: (record, event) => [
    ...complain(
      'memory: a result is processed once',
      record.memory.processed.has(`${event.callId}/${event.attempt}`),
      () => `${event.callId} attempt ${event.attempt}`,
    ),
    ...complain(
      'memory: what is processed is a result',
      record.calls.get(event.callId)?.isOver !== true,
      () => `${event.callId} is not over`,
    ),
    ...checkAllNoted(record),
  ],
  fact_noted: (record, event) => checkNoted(record, event),
  facts_compressed: (record, event) => checkCompressed(record, event),
  history_compacted: (record, event) => checkSummary(record, event),
  context_recalled: (record, { taskId, throughSeq, passages }) => [
    ...complain(
      'memory: what is recalled had left the prompt',
      throughSeq !== record.memory.compactions.get(taskId)?.throughSeq || passages.some(({ seq }) => seq > throughSeq),
      () => `through ${throughSeq}`,
    ),
    ...complain(
      'memory: no more is recalled than is wanted',
      passages.length > (record.started?.memory?.retrieve?.k ?? 0),
      () => `${passages.length} passages`,
    ),
  ],
  question_opened: ({ memory }, { questionId }) =>
    complain('memory: a question is opened once', memory.questions.has(questionId), () => questionId),
  question_answered: ({ memory }, { questionId }) =>
    complain('memory: only what is open is answered', memory.questions.get(questionId) !== true, () => questionId),
}

function checkAllNoted({ memory }: SessionRecord): readonly Complaint[] {
  return complain(
    'memory: a fact is of a patch',
    memory.awaited.size > 0,
    () => `${[...memory.awaited.keys()]} are missing`,
  )
}

function checkNoted(record: SessionRecord, event: EventOf<'fact_noted'>): readonly Complaint[] {
  const { facts, awaited } = record.memory
  const { key, confidence, source } = event
  const before = facts.get(key)
  return [
    ...complain(
      'memory: the surer fact stays',
      before !== undefined && confidence < before.confidence,
      () => `${key} of ${confidence} in place of ${before?.confidence}`,
    ),
    ...complain('memory: a fact is of a patch', awaited.get(key) !== source.callId, () => `${key} of ${source.callId}`),
  ]
}

function checkCompressed(record: SessionRecord, { removed }: EventOf<'facts_compressed'>): readonly Complaint[] {
  const { facts } = record.memory
  const pinAt = record.started?.memory?.facts.pinAt ?? 0
  const pinned = removed.filter((key) => {
    const fact = facts.get(key)
    return fact !== undefined && isPinnedRecord(fact, pinAt)
  })
  return [
    ...complain('memory: pinned facts stay', pinned.length > 0, () => `${pinned} are gone`),
    ...complain(
      'memory: only facts are compressed',
      removed.some((key) => !facts.has(key)),
      () => `${removed}`,
    ),
  ]
}

/** Tasks side by side go on while one of them has facts compressed, and a request that is repeated is not put off. */
function checkFactCount({ memory, started, asking }: SessionRecord): readonly Complaint[] {
  const { maxFacts = Number.POSITIVE_INFINITY, pinAt = 0 } = started?.memory?.facts ?? {}
  const all = [...memory.facts.values()]
  const isUnderWay = [...asking.values()].some(({ purpose }) => purpose === 'compress')
  const isAllPinned = all.every((fact) => fact.key === COMPRESSED || isPinnedRecord(fact, pinAt))
  return complain(
    'memory: no more facts than allowed',
    all.length > maxFacts && !isUnderWay && !isAllPinned,
    () => `${all.length} of ${maxFacts}`,
  )
}
