/**
 * The closed vocabularies. Metrics, API, command line and console use these words and no others,
 * and every switch over one of them is checked by the compiler.
 */
import type { Json } from './json.ts'

/** What repeating a tool would mean. `read`: nothing. `idempotent`: nothing, under the same key. `unsafe`: twice the effect. */
export type EffectClass = 'read' | 'idempotent' | 'unsafe'

/** How a call ended. `unknown`: it started, and nobody knows whether it took effect. */
export type Outcome =
  | { readonly type: 'ok'; readonly output: Json }
  | { readonly type: 'retryable_error'; readonly message: string }
  | { readonly type: 'terminal_error'; readonly message: string }
  | { readonly type: 'blocked'; readonly reason: string; readonly message: string }
  | { readonly type: 'cancelled' }
  | { readonly type: 'unknown'; readonly message: string }

export type OutcomeType = Outcome['type']

/** What policy says of a call. */
export type Verdict =
  | { readonly type: 'allow' }
  | { readonly type: 'deny'; readonly reason: string; readonly message?: string }
  | ({
      readonly type: 'require_approval'
      readonly reason: string
      readonly message?: string
    } & ApprovalTerms)

/** Who may answer an approval, and until when. Absent means: one person, anybody, the default expiry. */
export type ApprovalTerms = {
  /** How many different people must approve. At least 1. */
  readonly quorum?: number
  /** The person who asked for the work may not approve it. */
  readonly notRequester?: boolean
  /** Milliseconds until the request counts as rejected. */
  readonly expiresAfterMs?: number
  /** A sentence that says who is asked, such as "a billing lead". Shown, never enforced. */
  readonly ask?: string
}

export type StopReason =
  | 'final_answer'
  | 'turn_budget'
  | 'token_budget'
  | 'cost_cap'
  | 'wall_clock'
  | 'event_limit'
  | 'replan_limit'
  | 'aborted'
  | 'failed'
  | 'cancelled'

export type BlockedReason =
  | 'approval'
  | 'missing_context'
  | 'ambiguous'
  | 'unknown_outcome'
  | 'budget'
  | 'plan_review'
  | 'escalation'
  | 'poison'

export type WaitingReason = 'job' | 'timer'

/** Why a task has failed. */
export type FailureClass = (typeof failureClasses)[number]
export const failureClasses = [
  'transport',
  'timeout',
  'tool_retryable',
  'tool_terminal',
  'invalid_output',
  'policy_denied',
  'refusal',
  'missing_input',
  'stale_plan',
  'budget',
  'unknown_outcome',
] as const

/** What follows when a task has failed. */
export type RecoveryAction = (typeof recoveryActions)[number]
export const recoveryActions = ['retry', 'decompose', 'skip', 'replan', 'escalate', 'abort'] as const

/** How a piece of work is gone about. `direct`: the loop. `plan`: the model moves a plan. `plan_and_subagent`: the runtime does. */
export type Route = (typeof routes)[number]
export const routes = ['direct', 'plan', 'plan_and_subagent'] as const

/**
 * How far a text can be trusted: who wrote it, and by which way it came in. `tool`: a system that the application runs.
 * `external`: people or sites outside wrote it (mails, tickets, web pages), whichever tool brought it.
 */
export type Trust = (typeof trusts)[number]
export const trusts = ['system', 'operator', 'user', 'tool', 'external'] as const

/** Who may see what a tool returns. */
export type Sensitivity = 'public' | 'internal' | 'private'

/** What the user got when a session ended. A `message` is said to the user as the last word, in place of the agent's closing. */
export type Ending = { readonly message?: string } & (
  | { readonly type: 'answered' }
  | { readonly type: 'case_opened'; readonly caseId: string }
  | { readonly type: 'handed_to_human' }
  | { readonly type: 'timed_out' }
  | { readonly type: 'none' }
)

export type ApprovalResolution = 'approved' | 'rejected' | 'edited' | 'answered' | 'expired' | 'superseded'

/** What a person says of an `unknown` outcome, once. */
export type Settlement = 'took_effect' | 'did_not_take_effect' | 'run_again'

/** Status for people, derived from the state. */
export type Status =
  | { readonly type: 'running' }
  | { readonly type: 'waiting'; readonly reason: WaitingReason }
  | { readonly type: 'blocked'; readonly reason: BlockedReason }
  | { readonly type: 'done'; readonly reason: StopReason }
  | { readonly type: 'failed'; readonly reason: StopReason }
  | { readonly type: 'cancelled'; readonly reason: StopReason }

/** Marks the end of an exhaustive switch: the compiler refuses a vocabulary word that was forgotten. */
export function never(value: never): never {
  throw new Error(`a word outside the vocabulary: ${JSON.stringify(value)}`)
}
