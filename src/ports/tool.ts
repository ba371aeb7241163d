import type { EffectClass, Ending, Json, JsonObject, Question } from '../core/index.ts'
import { PawlError } from './errors.ts'
import type { Schema } from './schema.ts'

/** What a running tool knows of the call. */
export type ToolContext = {
  readonly tenant: string
  readonly sessionId: string
  readonly callId: string
  readonly attempt: number
  /** The same for every attempt of this call: give it to the system outside, so that a repeat is recognized there. */
  readonly idempotencyKey: string
  /** Epoch milliseconds by which the call has to begin its effect: a worker frozen past it may begin late. */
  readonly startBy: number
  /** Aborted by a cancel, a timeout, or the end of the turn. A tool that ignores it is abandoned after `graceMs`. */
  readonly signal: AbortSignal
  /** The caller's free data of `start`. */
  readonly context: JsonObject
}

/** What a tool found out about a call that was lost with its worker. */
export type Verification<Output> =
  | { readonly tookEffect: true; readonly output: Output }
  | { readonly tookEffect: false }
  | { readonly tookEffect: 'unknown'; readonly message?: string }

/** One thing that an agent can do. Build it with `tool({...})`, which infers the types. */
export interface Tool<Input = never, Output = unknown> {
  readonly name: string
  /** What a model reads: one intention, when to use it, what comes back. */
  readonly description: string
  readonly effect: EffectClass
  readonly input: Schema<Input>
  /** Validates the output. A mismatch is reported, and is never a reason to repeat a write. */
  readonly output?: Schema<Output>
  readonly timeoutMs?: number
  /** How often the runtime may repeat a `retryable_error`; 0 by default, and never for `unsafe` tools. */
  readonly retries?: number
  /** What a second call with the same input needs after one that ended well; `ask` by default. Read only for `unsafe`. */
  readonly repeat?: 'ask' | 'allow'
  /** Shown by `pawl tools`; policies may read it. */
  readonly sensitivity?: 'public' | 'internal' | 'private'
  run(input: Input, context: ToolContext): Output | Promise<Output>
  /** Asks the system outside whether the effect with this key took place. Must not cause it. */
  verify?(
    idempotencyKey: string,
    context: ToolContext & { readonly input: Input },
  ): Verification<Output> | Promise<Verification<Output>>
  /** What the model is shown instead of the output. */
  present?(output: Output): Json
  /** Fields that the tool adds to its row of the trace. */
  summarize?(output: Output): JsonObject
  /** The session has reached its end with this output; null: it goes on. */
  endsSession?(output: Output): Ending | null
  /** Only for `ask_human`: the call is a question to people, and never runs. */
  asks?(input: Input): Question
}

/** Any tool, whatever its types: what registries hold. Only what its own schema has let through reaches its `run`. */
export type AnyTool = Omit<Tool<never, unknown>, 'input' | 'output'> & {
  readonly input: Schema
  readonly output?: Schema
}

/** What a tool throws to say how it failed. `tookEffect: false` is a promise that nothing happened outside. */
export class ToolError extends PawlError {
  readonly retryable: boolean
  readonly tookEffect: boolean | 'unknown'

  constructor(
    message: string,
    options: { readonly retryable?: boolean; readonly tookEffect?: false; readonly cause?: unknown } = {},
  ) {
    super('tool_error', message, { cause: options.cause })
    this.retryable = options.retryable ?? false
    this.tookEffect = options.tookEffect ?? 'unknown'
  }
}
