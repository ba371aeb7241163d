/** Everything that can be asked of a session, one line each. `send` is the one door; completions come through it too. */
import type { ArtifactRef } from './artifact/artifact.ts'
import type { Judgement, ModelError, Origin } from './event.ts'
import type { Json, JsonObject } from './json.ts'
import type { Budget, SessionLimits } from './limits.ts'
import type { Passage } from './memory/memory-events.ts'
import type { MemoryTerms } from './memory/memory-terms.ts'
import type { ModelResponse } from './message.ts'
import type { PlanProblem, ProposedPlan } from './plan/plan.ts'
import type { PlanCause } from './plan/plan-events.ts'
import type { PlanningTerms } from './plan/planning-terms.ts'
import type { Ending, Outcome, Settlement, StopReason, Trust } from './vocabulary.ts'

/** What came of a call, as the action that ran it reports it. */
export type CallReport = {
  readonly outcome: Outcome
  readonly presented?: Json
  readonly summary?: JsonObject
  readonly ending?: Ending
  readonly tookEffect?: false
  readonly artifact?: ArtifactRef
  readonly outputTruncated?: true
  readonly latencyMs?: number
  readonly trust: Trust
}

/** What came of a request to a model. `jitter` is in [0, 1). */
export type ModelReport =
  | {
      readonly type: 'responded'
      readonly response: ModelResponse
      readonly costMicroUsd: number
      readonly latencyMs: number
      readonly promptHash: string
    }
  | {
      readonly type: 'failed'
      readonly error: ModelError
      readonly retryAfterMs?: number
      readonly jitter: number
      readonly latencyMs: number
    }

export type CommandTable = {
  start_session: {
    readonly agent: string
    readonly definitionHash: string
    readonly budget: Budget
    readonly limits: SessionLimits
    readonly closing: Readonly<Partial<Record<StopReason, string>>>
    readonly requester: Origin
    readonly context: JsonObject
    readonly message: string
    readonly trust: Trust
    /** Absent: the agent makes no plans. */
    readonly planning?: PlanningTerms
    readonly memory?: MemoryTerms
    /** A plan that the caller has. */
    readonly plan?: { readonly plan: ProposedPlan; readonly cause: PlanCause }
    readonly commandId: string
  }
  send_message: {
    readonly text: string
    readonly trust: Trust
    readonly origin: Origin
    readonly commandId: string
  }
  cancel: { readonly by: string; readonly reason?: string; readonly commandId: string }
  vote: {
    readonly approvalId: string
    readonly vote: 'approve' | 'reject'
    readonly by: string
    readonly reason?: string
    /** What the voter saw; a vote on anything else is refused. */
    readonly hash?: string
    readonly commandId: string
  }
  answer: {
    readonly approvalId: string
    readonly answer: string
    readonly by: string
    readonly commandId: string
  }
  edit: { readonly approvalId: string; readonly input: Json; readonly by: string; readonly commandId: string }
  settle: {
    readonly callId: string
    readonly settlement: Settlement
    readonly output?: Json
    /** Where the whole output is; the runtime fills it in. */
    readonly artifact?: ArtifactRef
    /** What the tool says of that output; the runtime fills it in. */
    readonly presented?: Json
    readonly summary?: JsonObject
    readonly ending?: Ending
    readonly by: string
    readonly reason?: string
    readonly commandId: string
  }
  extend_budget: {
    readonly by: string
    readonly tokens?: number
    readonly costMicroUsd?: number
    readonly calls?: number
    readonly events?: number
    readonly commandId: string
  }
  record_verdict: {
    readonly callId: string
    readonly judgementNumber: number
    readonly judgement: Judgement
    /** `State.writeEpoch` when policy began to look; absent: now. */
    readonly writeEpoch?: number
  }
  record_outcome: { readonly of: OutcomeOf }
  /** What looking at a proposed plan came to. `planHash`: what an approval of it is bound to. */
  record_review: {
    readonly version: number
    readonly problems: readonly PlanProblem[]
    readonly warnings: readonly PlanProblem[]
    readonly planHash: string
  }
  /** Whether what a task came to is a result. `problem` null: it is. `output`: as it counts from now on. */
  record_check: {
    readonly taskId: string
    readonly attempt: number
    readonly problem: string | null
    readonly output?: Json
  }
  /** What a processor that is a function has made of a result. */
  record_patch: {
    readonly callId: string
    readonly attempt: number
    readonly patch?: Json
    /** Why there is none. */
    readonly problem?: string
  }
  record_recall: {
    readonly taskId: string
    readonly messageSeq: number
    readonly throughSeq: number
    readonly query: string
    readonly passages: readonly Passage[]
  }
  /** What the references of a task's input came to, or the elements of its array. */
  record_input: {
    readonly taskId: string
    readonly attempt: number
    /** Of the plan that the task stood in when it was read. */
    readonly version: number
    readonly input?: Json
    readonly items?: readonly Json[]
    readonly problem?: string
  }
  report_late_outcome: {
    readonly callId: string
    readonly attempt: number
    readonly report: CallReport
    readonly commandId?: string
  }
}

/** Which action a completion belongs to. */
export type OutcomeOf =
  | {
      readonly type: 'call'
      readonly callId: string
      readonly attempt: number
      readonly jitter: number
      readonly report: CallReport
    }
  | { readonly type: 'verify'; readonly callId: string; readonly attempt: number; readonly found: Verified }
  | {
      readonly type: 'model'
      readonly taskId: string
      readonly turn: number
      readonly attempt: number
      readonly report: ModelReport
    }

/** What a tool's `verify(key)` found out about a call that was lost. */
export type Verified =
  | { readonly type: 'took_effect'; readonly report: CallReport }
  | { readonly type: 'did_not_take_effect' }
  | { readonly type: 'unknown'; readonly message: string }

export type CommandType = keyof CommandTable
export type Command = { readonly [K in CommandType]: { readonly type: K } & CommandTable[K] }[CommandType]
export type CommandOf<K extends CommandType> = Extract<Command, { readonly type: K }>

/** A completion is a command: it is doubted against the state that it will be committed on. */
export type Completion =
  | CommandOf<'record_verdict'>
  | CommandOf<'record_outcome'>
  | CommandOf<'record_review'>
  | CommandOf<'record_check'>
  | CommandOf<'record_patch'>
  | CommandOf<'record_recall'>
  | CommandOf<'record_input'>
