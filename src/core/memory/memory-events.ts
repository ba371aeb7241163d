/** What can happen to a session's memory. Format 3. */
import type { Trust } from '../vocabulary.ts'
import type { FactSource, FactTerms } from './fact.ts'

export type MemoryEventTable = {
  /** A processor has looked at the result of a call. Facts, questions and a plan that it asked for follow in the same commit. */
  result_processed: {
    readonly callId: string
    readonly attempt: number
    /** Facts that were noted, by key. */
    readonly noted: readonly string[]
    /** What of the patch was not done, each with a sentence. */
    readonly ignored?: readonly IgnoredPart[]
    /** Why nothing of it was done: it is no patch, or the processor failed. */
    readonly problem?: string
  }
  fact_noted: FactTerms
  facts_compressed: {
    readonly taskId: string
    /** Keys of the facts that are gone. */
    readonly removed: readonly string[]
    /** Two or three points on them, which stand under `compressed_context`; absent: they were dropped. */
    readonly points?: string
    readonly trust?: Trust
    /** Private where one of them is. */
    readonly sensitivity?: 'private'
    /** Why there are no points. */
    readonly problem?: string
  }
  history_compacted: {
    readonly taskId: string
    readonly strategy: 'window' | 'summarize'
    /** Entries up to here have left the prompt. The message that the work is about stays. */
    readonly throughSeq: number
    /** In place of the one before; absent: that stays. */
    readonly summary?: string
    readonly trust?: Trust
    /** Texts and results of more characters are shown cut: what is left is over the limit otherwise. */
    readonly cutCharacters?: number
    /** Of the next prompt, estimated. */
    readonly tokensBefore: number
    readonly tokensAfter: number
    /** Why there is no summary. */
    readonly problem?: string
  }
  context_recalled: {
    readonly taskId: string
    /** The message that it was looked up for. */
    readonly messageSeq: number
    /** Up to here history had left the prompt. */
    readonly throughSeq: number
    readonly query: string
    /** The best first. */
    readonly passages: readonly Passage[]
  }
  question_opened: {
    readonly questionId: string
    readonly text: string
    readonly source: FactSource
    readonly trust: Trust
  }
  question_answered: {
    readonly questionId: string
    readonly answer: string
    readonly source: FactSource
    readonly trust: Trust
  }
}

export type IgnoredPart = {
  readonly code: 'lower_confidence' | 'pinned_full' | 'unknown_question' | 'questions_full' | 'no_plan' | 'replan_limit'
  /** The key of the fact, or the id of the question; empty: the plan. */
  readonly name: string
  readonly message: string
}

/** A piece of history that has left the prompt. */
export type Passage = {
  /** The entry that it stands in. */
  readonly seq: number
  readonly text: string
  readonly trust: Trust
}
