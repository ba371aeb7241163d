/** What `memory` and `processor` of an agent are, and what is wrong with them. */
import type { Fact, Json, OpenQuestion, StatePatch } from '../core/index.ts'
import type { Model } from '../ports/index.ts'

/** One strategy over the same log; an agent may have several, each kind once. */
export type MemoryStrategy =
  | { readonly type: 'window'; readonly turns: number; readonly maxPromptTokens?: number }
  | {
      readonly type: 'summarize'
      readonly whenTokens?: number
      readonly keepTurns?: number
      readonly model?: Model | null
    }
  | { readonly type: 'retrieve'; readonly k: number }
  | {
      readonly type: 'working_facts'
      readonly maxFacts?: number
      readonly pinAt?: number
      readonly compressor?: Model | null
    }

/** At most so many turns of history stand in a prompt. Over that, half of them leave it. */
export function window(turns: number, options: { readonly maxPromptTokens?: number } = {}): MemoryStrategy {
  return { type: 'window', turns, ...options }
}

/**
 * A prompt whose history is over `whenTokens`, without the newest message, has its older turns summarized by a model (the agent's by
 * default; null: they are dropped); the newest `keepTurns` stay as they are, fewer where they alone are more than half of that.
 */
export function summarize(
  options: { readonly whenTokens?: number; readonly keepTurns?: number; readonly model?: Model | null } = {},
): MemoryStrategy {
  return { type: 'summarize', ...options }
}

/** For each message of a person the best `k` passages (1 to 50) of what has left the prompt are looked up, by full text. */
export function retrieve(options: { readonly k: number }): MemoryStrategy {
  return { type: 'retrieve', ...options }
}

/**
 * Over `maxFacts` the lower half is compressed by a model (the agent's by default; null: the lowest are dropped) into two or three
 * points under `compressed_context`; facts of a priority of at least `pinAt`, decisions and constraints never are.
 */
export function workingFacts(
  options: { readonly maxFacts?: number; readonly pinAt?: number; readonly compressor?: Model | null } = {},
): MemoryStrategy {
  return { type: 'working_facts', ...options }
}

/** What a processor is given: the whole output, also where it is an artifact. A copy: it may do with it what it likes. */
export type ProcessedResult = {
  readonly tool: string
  readonly callId: string
  readonly taskId: string
  readonly input: Json
  /** What the tool answered; of a question or a held call what a person answered. */
  readonly output: Json
  readonly from: 'tool' | 'person'
  readonly facts: readonly Fact[]
  readonly questions: readonly OpenQuestion[]
  readonly signal: AbortSignal
}

/** Turns results into working memory. It may be asked twice about one result, and must not cause effects. */
export type Processor =
  | {
      /** Of which tools; of all by default. */
      readonly tools?: readonly string[]
      /** Null: there is nothing to note. A promise has `policyTimeoutMs`. */
      process(result: ProcessedResult): StatePatch | null | Promise<StatePatch | null>
    }
  | {
      readonly tools?: readonly string[]
      /** The agent's own by default. */
      readonly model?: Model
      /** What matters in the results. */
      readonly instructions: string
    }
