import type { JsonObject, Message, ModelResponse, Price } from '../core/index.ts'
import { PawlError } from './errors.ts'

/** A tool as a model is shown it. `inputSchema` is JSON Schema (draft 2020-12 or 7). */
export type ToolSpec = { readonly name: string; readonly description: string; readonly inputSchema: JsonObject }

export type ModelRequest = {
  readonly instructions: string
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  readonly maxOutputTokens: number
  readonly temperature?: number
  /** Provider settings, passed on as they are. */
  readonly settings?: JsonObject
  /** Which attempt of which turn: for logs and idempotency headers, never for the model. */
  readonly sessionId: string
  readonly turn: number
  readonly attempt: number
}

/** What arrives before the answer is whole. Provisional: an attempt that fails takes its deltas with it. */
export type ModelDelta =
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'reasoning_delta'; readonly text: string }
  | { readonly type: 'call_delta'; readonly index: number; readonly tool: string; readonly inputText: string }

/**
 * A model. One call makes one request: retries are the runtime's, so an adapter has its own switched off.
 * Any bytes from outside become a `ModelResponse` (with `invalid_call` parts where a call cannot be read) or a `ModelRequestError`;
 * anything else that is thrown counts as a final error of the adapter.
 */
export interface Model {
  /** `provider/model`, as in configuration and prices. */
  readonly id: string
  /** Integer micro-dollars for a million tokens; null: unknown. */
  readonly price: Price | null
  /** True where no model answers: scripts, recordings. Shown to people. */
  readonly isScripted?: boolean
  generate(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly onDelta: (delta: ModelDelta) => void },
  ): Promise<ModelResponse>
}

/** A request that did not come to an answer. `code` is a stable word: `http_429`, `network`, `cut_stream`, … */
export class ModelRequestError extends PawlError {
  /** True for 5xx, 408, 409, 429, network errors and cut streams. */
  readonly retryable: boolean
  readonly status: number | null
  /** What the provider asks for (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(
    code: string,
    message: string,
    options: {
      readonly retryable: boolean
      readonly status?: number
      readonly retryAfterMs?: number
      readonly cause?: unknown
    },
  ) {
    super(code, message, { cause: options.cause })
    this.retryable = options.retryable
    this.status = options.status ?? null
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
