/** Working memory: facts, and questions that are open. */
import type { Json } from '../json.ts'
import type { Sensitivity, Trust } from '../vocabulary.ts'

/** Decisions and constraints are never compressed, whatever their priority. */
export const factKinds = ['fact', 'decision', 'constraint'] as const
export type FactKind = (typeof factKinds)[number]

/** Where a fact comes from: the result of a call, what a person answered, or the compression of others. */
export type FactSource = {
  readonly kind: 'tool' | 'person' | 'compression'
  readonly taskId?: string
  readonly callId?: string
}

/** What a fact says, without when it was noted. */
export type FactTerms = {
  /** Words with `_`, `.`, `-`; the same key is the same fact. */
  readonly key: string
  readonly value: Json
  readonly kind: FactKind
  readonly source: FactSource
  /** 0 to 100. */
  readonly priority: number
  /** 0 to 1. */
  readonly confidence: number
  /** The hash of the artifact that it was read in. */
  readonly artifact?: string
  /** Of what it was read in. */
  readonly trust: Trust
  /** Absent: `internal`. */
  readonly sensitivity?: Exclude<Sensitivity, 'internal'>
}

export type Fact = FactTerms & {
  /** The event that noted it: of facts of one priority the newest has the highest. */
  readonly seq: number
  /** Epoch milliseconds. */
  readonly at: number
}

/** The key under which compressed facts stand. */
export const COMPRESSED_KEY = 'compressed_context'

export const DEFAULT_PRIORITY = 50
/** Of decisions and constraints. */
export const DECISION_PRIORITY = 90

/** Answered questions that are kept: those that were opened last. */
export const KEPT_ANSWERS = 10

export type Question = {
  /** `q1`, `q2`, … in the session. */
  readonly questionId: string
  readonly text: string
  readonly source: FactSource
  readonly trust: Trust
  readonly answer: string | null
}
