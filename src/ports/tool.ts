import type { EffectClass, Ending, Json, JsonObject, Question, Sensitivity, Trust } from '../core/index.ts'
import type { ReadsArtifacts } from './artifact.ts'
import { PawlError } from './errors.ts'
import type { Schema } from './schema.ts'

/** What a running tool knows of the call. */
export type ToolContext = ReadsArtifacts & {
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
  /**
   * The value of a secret that the tool declares, by its name or a reference to it. It is kept out of everything that is stored and
   * logged from then on.
   * @throws SecretError `secret_not_declared`, `secret_unknown`, `secret_unavailable` (retryable), `secret_unusable`, `secret_limit`.
   * Whether something took effect before is the tool's to say.
   */
  secret(nameOrReference: string): Promise<string>
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
  /** Of what it answers; `internal` by default. Recorded with each call; policies may read it. */
  readonly sensitivity?: Sensitivity
  /**
   * Of what it answers, errors too; `tool` by default. `external` where people or sites outside wrote the text (tickets, mails, web
   * pages, another party's tools): the model is shown it as data, and policies see that the session holds it.
   */
  readonly trust?: Extract<Trust, 'tool' | 'external'>
  /** Its input can be read outside, so that even a `read` may leak: a fetched URL, a search engine. False by default. */
  readonly egress?: boolean
  /** The secrets that it may resolve, and no others: `secrets: ['PAYMENT_KEY']`. */
  readonly secrets?: readonly string[]
  /**
   * Fields of its input and its output that are sensitive, as JSON Pointers (RFC 6901) with `*` for every member or item:
   * `['/card/number', '/lines/*']`. A schema may mark them instead (`x-sensitive: true`, in zod `.meta({ sensitive: true })`).
   * In an output they are redacted before it is stored, and the model does not see them; in an input they are kept as they run, and
   * masked in every view.
   */
  readonly sensitive?: readonly string[]
  run(input: Input, context: ToolContext): Output | Promise<Output>
  /** Asks the system outside whether the effect with this key took place. Must not cause it. */
  verify?(
    idempotencyKey: string,
    context: ToolContext & { readonly input: Input },
  ): Verification<Output> | Promise<Verification<Output>>
  /** What the model is shown instead of the output. Over `maxInlineBytes` it is left out, as if there were none. */
  present?(output: Output): Json
  /** Fields that the tool adds to its row of the trace. */
  summarize?(output: Output): JsonObject
  /** The session has reached its end with this output; null: it goes on. */
  endsSession?(output: Output): Ending | null
  /** Only for `ask_human`: the call is a question to people, and never runs. */
  asks?(input: Input): Question
}

/** A tool that runs beside the runtime: it can block its loop, leak, run out of memory or exit, and only its own call fails. */
export type Isolated = {
  /**
   * `worker`: a thread (a crash of native code takes the process along; a call into the system is not interrupted). `process`: a
   * process of its own, killed with all that it started and that has not left its process group. Fresh for each call, and ended as
   * soon as it has answered: what has to happen must be awaited. It never outlives its call: `graceMs` after its signal it is killed,
   * and with its runtime. A `process` is killed so while its runtime's event loop stands still too, and a `worker` unless it blocks a
   * loop of its own then. An `unsafe` call that is not ready to begin by `startBy` does not begin.
   */
  readonly isolation: 'worker' | 'process'
  /**
   * A file, `new URL('./pay.ts', import.meta.url)`, since closures cannot cross. It exports `run(input, context)`, and for an unsafe
   * tool perhaps `verify(idempotencyKey, context)`. Input, context and output cross as data; functions of the context as promises.
   */
  readonly module: URL
}

/** What `tool({...})` takes: `run` in the definition, or `isolation` and the `module` that has it. */
export type ToolDefinition<Input, Output> =
  | (Omit<Tool<Input, Output>, 'run' | 'verify'> & Isolated & { readonly run?: never; readonly verify?: never })
  | (Tool<Input, Output> & { readonly isolation?: never; readonly module?: never })

/** Any tool, whatever its types: what registries hold. Only what its own schema has let through reaches its `run`. */
export type AnyTool = Omit<Tool<never, unknown>, 'input' | 'output'> &
  Partial<Isolated> & {
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
