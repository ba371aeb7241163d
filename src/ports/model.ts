import type { JsonObject, Message, ModelResponse, Price, Purpose } from '../core/index.ts'
import { PawlError } from './errors.ts'

/** A tool as a model is shown it. `inputSchema` is JSON Schema (draft 2020-12 or 7). */
export type ToolSpec = { readonly name: string; readonly description: string; readonly inputSchema: JsonObject }

/** What an answer has to be, where it is not for a person: one JSON value, as text. */
export type ModelOutput = {
  /** Letters, digits, "_" and "-", at most 64. */
  readonly name: string
  readonly description?: string
  /** JSON Schema (draft 2020-12 or 7). */
  readonly schema: JsonObject
}

export type ModelRequest = {
  readonly instructions: string
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  readonly maxOutputTokens: number
  readonly temperature?: number
  /**
   * Asks for one JSON value. An adapter sends the schema the way the provider takes it, or else tells the model in words; a call by the
   * output's name it gives as the text of its input. Whether the text then is such a value nobody promises: whoever asked reads it with
   * `readStructured`, and checks it against the schema.
   */
  readonly output?: ModelOutput
  /**
   * The one tool that the answer has to call. An adapter tells the provider so where it takes that; an answer that does not is an
   * answer like any other, and refused by whoever asked.
   */
  readonly mustCall?: string
  /** Provider settings, passed on as they are. */
  readonly settings?: JsonObject
  /** Which attempt of which turn: for logs and idempotency headers, never for the model. */
  readonly sessionId: string
  readonly turn: number
  readonly attempt: number
  /** What is asked for (absent: `decide`), and for which task (absent: the session's own loop). For logs and scripts, never for the model. */
  readonly purpose?: Purpose
  readonly taskId?: string
  /**
   * Which of its task's requests for this purpose it is, from 1; repeats after a failed request count once. Taken from the log, so that
   * a resumed session goes on where it was. Absent: as `turn`. For scripts, never for the model.
   */
  readonly purposeTurn?: number
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
  /**
   * False where the provider refuses a temperature. Declared, never probed. Whoever makes requests honours it and leaves `temperature`
   * out (the runtime does); an adapter sends the temperature that it is given.
   */
  readonly takesTemperature?: false
  /** False where the provider takes no schema for its answer: the adapter then tells the model in words. Declared, never probed. */
  readonly takesOutputSchema?: false
  /** False where the provider refuses to be told which tool to call (some do while they reason): the runtime then leaves `mustCall` out. */
  readonly takesToolChoice?: false
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
