/** What a patch changes in facts and questions, as events. */
import { previewOf } from '../border-text.ts'
import type { EventOf } from '../event.ts'
import type { Sensitivity, Trust } from '../vocabulary.ts'
import {
  DECISION_PRIORITY,
  DEFAULT_PRIORITY,
  type Fact,
  type FactSource,
  type FactTerms,
  type Question,
} from './fact.ts'
import { isPinnedFact } from './fact-order.ts'
import type { IgnoredPart } from './memory-events.ts'
import type { FactLimits } from './memory-terms.ts'
import type { PatchFact, StatePatch } from './state-patch.ts'

export type PatchedMemory = {
  readonly facts: ReadonlyMap<string, Fact>
  /** In the order in which they were opened, the last one among them, answered or not: the next has the id after it. */
  readonly questions: ReadonlyMap<string, Question>
  readonly limits: FactLimits
}

/** Where a patch comes from. */
export type PatchOrigin = {
  readonly source: FactSource
  /**
   * Of everything that its author has read. A fact and an answer have the trust of the patch that brought them, whatever stood under
   * the key before: the label is about the text that is there now, and nothing of the former one is left in it.
   */
  readonly trust: Trust
  /** Absent: `internal`. */
  readonly sensitivity?: Exclude<Sensitivity, 'internal'>
  /** The hash of the artifact that it was read in. */
  readonly artifact?: string
}

export type PatchEvent = EventOf<'fact_noted'> | EventOf<'question_opened'> | EventOf<'question_answered'>

export type PatchEvents = {
  readonly events: readonly PatchEvent[]
  /** Keys of the facts that were noted. */
  readonly noted: readonly string[]
  readonly ignored: readonly IgnoredPart[]
}

/**
 * Of a patch that `readPatch` has read: no key stands in it twice. Facts, then answers, then questions: an answer leaves its place to
 * a new question, and never speaks of one of the same patch. A question that is open already, in the same words, is not opened twice,
 * and is nothing to speak of. The plan of the patch is left to plans.
 */
export function patchEvents(memory: PatchedMemory, patch: StatePatch, origin: PatchOrigin): PatchEvents {
  const parts = [...factParts(memory, patch.append_known_facts ?? [], origin), ...questionParts(memory, patch, origin)]
  const events = parts.flatMap((part) => ('type' in part ? part : []))
  return {
    events,
    noted: events.flatMap((event) => (event.type === 'fact_noted' ? event.key : [])),
    ignored: parts.flatMap((part) => ('code' in part ? part : [])),
  }
}

type Part = PatchEvent | IgnoredPart

function factParts(
  { facts, limits }: PatchedMemory,
  given: readonly PatchFact[],
  origin: PatchOrigin,
): readonly Part[] {
  let pinned = [...facts.values()].filter((fact) => isPinnedFact(fact, limits)).length
  return given.map((part): Part => {
    const fact = termsOf(part, origin)
    const before = facts.get(fact.key)
    if (before !== undefined && fact.confidence < before.confidence) return lowerConfidence(fact, before)
    const isPinned = isPinnedFact(fact, limits)
    const wasPinned = before !== undefined && isPinnedFact(before, limits)
    if (isPinned && !wasPinned && pinned >= limits.maxFacts) return pinnedFull(fact, limits)
    pinned += Number(isPinned) - Number(wasPinned)
    return { type: 'fact_noted', ...fact }
  })
}

function termsOf({ key, value, kind = 'fact', priority, confidence = 1 }: PatchFact, origin: PatchOrigin): FactTerms {
  const { source, trust, sensitivity, artifact } = origin
  return {
    key,
    value,
    kind,
    source,
    priority: priority ?? (kind === 'fact' ? DEFAULT_PRIORITY : DECISION_PRIORITY),
    confidence,
    ...(artifact !== undefined && { artifact }),
    trust,
    ...(sensitivity !== undefined && { sensitivity }),
  }
}

function lowerConfidence({ key, confidence }: FactTerms, before: FactTerms): IgnoredPart {
  const message = `"${key}" is known with confidence ${before.confidence}, and stays: ${confidence} is lower.`
  return { code: 'lower_confidence', name: key, message }
}

function pinnedFull({ key }: FactTerms, { maxFacts, pinAt }: FactLimits): IgnoredPart {
  const message =
    `"${key}" was not noted: ${maxFacts} facts are decisions, constraints or of priority ${pinAt} and more, and no more can be kept. ` +
    'Note it as a fact of a lower priority, or under the key of one that it replaces.'
  return { code: 'pinned_full', name: key, message }
}

function questionParts(
  { questions, limits }: PatchedMemory,
  { answer_questions = [], open_questions = [] }: StatePatch,
  { source, trust }: PatchOrigin,
): readonly Part[] {
  const open = new Map(
    [...questions.values()].flatMap(({ questionId, text, answer }) => (answer === null ? [[questionId, text]] : [])),
  )
  const answered = answer_questions.map(({ questionId, answer }): Part => {
    if (!open.delete(questionId)) return unknownQuestion(questionId, questions)
    return { type: 'question_answered', questionId, answer, source, trust }
  })
  const asked = new Set(open.values())
  let openCount = open.size
  let newest = newestNumber(questions)
  const opened = open_questions.flatMap((text): Part | [] => {
    if (asked.has(text)) return []
    if (openCount >= limits.maxQuestions) return questionsFull(text, limits)
    asked.add(text)
    openCount += 1
    newest += 1
    return { type: 'question_opened', questionId: `q${newest}`, text, source, trust }
  })
  return [...answered, ...opened]
}

function unknownQuestion(questionId: string, questions: ReadonlyMap<string, Question>): IgnoredPart {
  const isFormer = /^q[1-9]\d*$/.test(questionId) && Number(questionId.slice(1)) <= newestNumber(questions)
  const found = isFormer ? 'it has been answered' : 'there is none of that id'
  return { code: 'unknown_question', name: questionId, message: `"${questionId}" is no open question: ${found}.` }
}

/** 0: there is none yet. */
function newestNumber(questions: ReadonlyMap<string, Question>): number {
  return Number([...questions.keys()].at(-1)?.slice(1) ?? 0)
}

/** Characters of a question without an id, by which it is named. */
const NAMED_CHARACTERS = 64

function questionsFull(text: string, { maxQuestions }: FactLimits): IgnoredPart {
  const message = `The question was not opened: ${maxQuestions} are open already. Answer one of them before.`
  return { code: 'questions_full', name: previewOf(text, NAMED_CHARACTERS), message }
}
