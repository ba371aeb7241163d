/** What `agent({...})` takes. */
import type { Budget, JsonObject, Price, StopReason } from '../core/index.ts'
import type { AnyTool, Model, Policy } from '../ports/index.ts'
import type { Fields } from './known-fields.ts'
import type { MemoryStrategy, Processor } from './memory-options.ts'
import type { PlanningOptions, Specialist } from './planning-options.ts'

export type AgentOptions = {
  /** Lower-case words with dashes; stands in logs and on the command line. */
  readonly name: string
  /** The system part of the prompt. */
  readonly instructions: string
  readonly model: Model
  readonly tools?: readonly AnyTool[]
  readonly policies?: readonly Policy[]
  /** What differs from the defaults that `pawl limits` prints. */
  readonly budget?: Partial<Budget>
  /** The last words to the user, by stop reason, so that they are always told how it goes on. */
  readonly closing?: Partial<Record<StopReason, string>>
  /** Output tokens asked for in one request. */
  readonly maxOutputTokens?: number
  readonly temperature?: number
  /** Needed for `maxCostMicroUsd` where the model's price is not known. */
  readonly price?: Price
  /** Provider settings, passed on as they are. */
  readonly settings?: JsonObject
  /** Lets the agent make plans, and carry out plans that it is given. Absent: it has only its loop. */
  readonly planning?: PlanningOptions
  /** How it remembers: `[window(40), summarize({ … }), retrieve({ … }), workingFacts({ … })]`; a window with a summary by default. */
  readonly memory?: readonly MemoryStrategy[]
  /** Turns results into working memory, so that the model reads facts and not raw outputs. */
  readonly processor?: Processor
  /** To whom it can give tasks. */
  readonly specialists?: readonly Specialist[]
}

export const agentFields: Fields<AgentOptions> = {
  name: true,
  instructions: true,
  model: true,
  tools: true,
  policies: true,
  budget: true,
  closing: true,
  maxOutputTokens: true,
  temperature: true,
  price: true,
  settings: true,
  planning: true,
  memory: true,
  processor: true,
  specialists: true,
}
