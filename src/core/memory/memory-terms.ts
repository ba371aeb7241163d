/** What control flow needs to know of an agent's memory, as it was when the session began. */

export type MemoryTerms = {
  /** Turns of history that a prompt shows at most. */
  readonly windowTurns: number
  /** A prompt is never estimated higher: what is oldest leaves it first. */
  readonly maxPromptTokens: number
  /**
   * Older turns become a summary when the history of a prompt is over `whenTokens`, without the newest message, which stays in any
   * case; absent: never. `hasModel` false: they are dropped.
   */
  readonly summarize?: { readonly whenTokens: number; readonly keepTurns: number; readonly hasModel: boolean }
  /** How many passages of what has left the prompt are looked up for each message; absent: none. */
  readonly retrieve?: { readonly k: number }
  readonly facts: FactLimits
  /** Who turns results into facts; absent: nobody does. */
  readonly processor?: ProcessorTerms
}

export type FactLimits = {
  readonly maxFacts: number
  /** Facts of at least this priority are never compressed. */
  readonly pinAt: number
  /** Of the value of one fact, as JSON, and of one question. */
  readonly maxFactCharacters: number
  readonly maxQuestions: number
  /** False: over the limit the lowest are dropped. */
  readonly hasCompressor: boolean
}

export type ProcessorTerms = {
  /** `function`: code of the agent's. `model`: a turn of a model without tools. */
  readonly by: 'function' | 'model'
  /** Absent: the results of all tools. */
  readonly tools?: readonly string[]
}
