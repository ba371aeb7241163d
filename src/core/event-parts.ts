/** What events are made of, beside words of the vocabulary. */
import type { Json } from './json.ts'
import type { PlanProblem } from './plan/plan.ts'
import type { EffectClass, Sensitivity, Trust, Verdict } from './vocabulary.ts'

/** Who said something, and by which door it came in. */
export type Origin = { readonly type: 'user' | 'operator' | 'api' | 'tool' | 'runtime'; readonly id?: string }

/** What a model is asked for: the next step of a task, a plan, the way to go about the work; what a result says, and what of memory can be shorter. */
export type Purpose = 'decide' | 'plan' | 'route' | 'process' | 'compress' | 'summarize'

/** What an approval is about, where that is no call. */
export type Subject =
  | { readonly type: 'plan'; readonly version: number; readonly warnings: readonly PlanProblem[] }
  /** A task that has failed, for which a person chooses what follows. */
  | { readonly type: 'task'; readonly taskId: string; readonly attempt: number }

/** What a model request may cost at most, set aside before it is made. */
export type Reservation = {
  readonly tokens: number
  readonly costMicroUsd: number
  /** The output limit that the request carries. */
  readonly maxOutputTokens: number
}

/** What policy and control flow need to know of a tool, as it was when the call was judged. */
export type CallTerms = {
  readonly effect: EffectClass
  readonly timeoutMs: number
  /** How often the runtime may repeat it after a `retryable_error`. */
  readonly retries: number
  readonly verifies: boolean
  /** What a second call with the same effect needs after one that ended `ok`. */
  readonly repeat: 'ask' | 'allow'
  readonly idempotencyKey: string
  /** sha256 of tool and canonical input: the same effect under any call id. */
  readonly effectHash: string
  /** sha256 of session, call, tool, canonical input and policy: what an approval is bound to. */
  readonly approvalHash: string
  readonly policyHash: string
  /** Of what the tool answers; absent: `tool`. */
  readonly trust?: Extract<Trust, 'external'>
  /** Of what the tool answers; absent: `internal`. */
  readonly sensitivity?: Exclude<Sensitivity, 'internal'>
}

/** A question of `ask_human`. With options it is `ambiguous`, without `missing_context`. */
export type Question = {
  readonly text: string
  readonly options: readonly string[]
  readonly field?: string
}

/** What judging a call came to, before the core's own rules. */
export type Judgement =
  | {
      readonly type: 'verdict'
      readonly verdict: Verdict
      readonly policy?: string
      readonly terms: CallTerms
      readonly input?: Json
    }
  | { readonly type: 'question'; readonly question: Question }
  /** A call that moves the plan or its tasks: control flow answers it, and nothing runs outside. */
  | { readonly type: 'control'; readonly input?: Json }
  | {
      readonly type: 'invalid'
      readonly reason: 'unknown_tool' | 'invalid_input'
      readonly message: string
      /** Known for a known tool: a write that is invalid ends the writes behind it. */
      readonly effect?: EffectClass
    }

export type ModelError = {
  /** A stable word: `http_429`, `http_500`, `network`, `cut_stream`, `timeout`, `empty_response`, `aborted`, … */
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}
