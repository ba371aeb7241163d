/**
 * Everything that can stand in a log, one line each. A released kind or meaning never changes: a new one is added, with a new
 * `format`, or an upcaster. Fields are JSON-safe. `docs/decisions/0001-permanent-formats.md` has the envelope.
 */
import type { ArtifactRef } from './artifact/artifact.ts'
import type { Judgement, ModelError, Origin, Purpose, Question, Reservation, Subject } from './event-parts.ts'
import type { Json, JsonObject } from './json.ts'
import type { Budget, SessionLimits } from './limits.ts'
import type { MemoryAbout } from './memory/about.ts'
import type { MemoryEventTable } from './memory/memory-events.ts'
import type { MemoryTerms } from './memory/memory-terms.ts'
import type { ModelResponse } from './message.ts'
import type { PlanEventTable } from './plan/plan-events.ts'
import type { PlanningTerms } from './plan/planning-terms.ts'
import type {
  ApprovalResolution,
  BlockedReason,
  Ending,
  FailureClass,
  Outcome,
  Settlement,
  StopReason,
  Trust,
  Verdict,
  WaitingReason,
} from './vocabulary.ts'

/** The highest event format that this code writes and reads. Format 2 has plans, format 3 artifacts and memory. */
export const FORMAT = 3

export type EventTable = SessionEventTable & PlanEventTable & MemoryEventTable

type SessionEventTable = {
  session_started: {
    readonly agent: string
    readonly definitionHash: string
    readonly budget: Budget
    readonly limits: SessionLimits
    /** The last words to the user, by stop reason. */
    readonly closing: Readonly<Partial<Record<StopReason, string>>>
    readonly requester: Origin
    /** Free data of the caller, readable by policies and tools. */
    readonly context: JsonObject
    /** Absent: the agent makes no plans. */
    readonly planning?: PlanningTerms
    /** Absent: history is a window, and nothing else is kept. */
    readonly memory?: MemoryTerms
    readonly fork?: { readonly sessionId: string; readonly seq: number }
    readonly commandId: string
  }
  message_received: {
    readonly text: string
    readonly trust: Trust
    readonly origin: Origin
    readonly commandId: string
  }
  session_parked: {
    readonly reason: BlockedReason | WaitingReason
    readonly taskId?: string
    readonly message?: string
  }
  session_ended: {
    readonly reason: StopReason
    readonly ending: Ending
    /** Calls that ended `unknown` and that nobody has settled. */
    readonly unresolved: readonly string[]
    /** The agent's closing words for this reason: the last message of the session. */
    readonly closing?: string
    /** Tasks of its plan failed, were out of reach or were skipped. */
    readonly partial?: true
  }

  model_started: {
    readonly purpose: Purpose
    readonly taskId: string
    readonly turn: number
    readonly attempt: number
    readonly fence: number
    readonly contextSeq: number
    readonly definitionHash: string
    readonly model: string
    readonly reserved: Reservation
    /** Of a request of memory: what it is about. */
    readonly about?: MemoryAbout
  }
  model_responded: {
    readonly taskId: string
    readonly turn: number
    readonly attempt: number
    readonly response: ModelResponse
    readonly costMicroUsd: number
    readonly latencyMs: number
    readonly promptHash: string
  }
  model_failed: {
    readonly taskId: string
    readonly turn: number
    readonly attempt: number
    readonly error: ModelError
    /** When the next attempt may be made; null: this was the last. */
    readonly retryAt: number | null
    readonly latencyMs: number
  }
  model_lost: { readonly taskId: string; readonly turn: number; readonly attempt: number }
  decision_recorded: {
    readonly taskId: string
    readonly turn: number
    /** `final`: an answer without calls. `refused`: the provider says that the model refused. */
    readonly decision: 'calls' | 'final' | 'refused'
    /** Our ids, in the order proposed; the n-th belongs to the n-th call part of the response. */
    readonly callIds: readonly string[]
  }

  call_judged: {
    readonly callId: string
    readonly judgement: Judgement
    readonly fence: number
    /** Policy looked at an older state than this event stands on: it is asked again before the call starts. */
    readonly writeEpoch?: number
    /** Present where the core's own rules were stricter than policy (`repeats c7`, a limit). */
    readonly raised?: Verdict
  }
  call_started: {
    readonly callId: string
    readonly attempt: number
    readonly fence: number
    readonly leaseMs: number
    readonly by?: string
  }
  call_finished: {
    readonly callId: string
    readonly attempt: number
    readonly outcome: Outcome
    /** What the model is shown instead of the output. */
    readonly presented?: Json
    /** Fields that the tool adds to its row of the trace. */
    readonly summary?: JsonObject
    readonly ending?: Ending
    /** Its worker was lost, and the tool's `verify` found this out. */
    readonly verified?: true
    /** False where it is certain that nothing took effect. */
    readonly tookEffect?: false
    /** When the runtime repeats the call; absent: it does not. */
    readonly retryAt?: number
    /** Where the whole output is; the outcome has a preview of it. */
    readonly artifact?: ArtifactRef
    /** The output was too large, and the store did not take it; what stands here is a preview. */
    readonly outputTruncated?: true
    readonly latencyMs?: number
    readonly trust: Trust
  }
  call_lost: { readonly callId: string; readonly attempt: number }
  call_settled: {
    readonly callId: string
    readonly attempt: number
    readonly settlement: Settlement
    readonly output?: Json
    readonly artifact?: ArtifactRef
    /** What the tool says of that output, as in `call_finished`. */
    readonly presented?: Json
    readonly summary?: JsonObject
    readonly ending?: Ending
    readonly by: string
    readonly reason?: string
    readonly commandId: string
  }
  late_outcome_noted: {
    readonly callId: string
    readonly attempt: number
    readonly outcome: Outcome
    readonly trust: Trust
    readonly commandId?: string
  }

  approval_requested: {
    readonly approvalId: string
    readonly callId: string
    readonly kind: 'approval' | 'question'
    readonly reason: string
    readonly message?: string
    readonly hash: string
    readonly quorum: number
    readonly notRequester: boolean
    readonly expiresAt: number
    readonly ask?: string
    readonly question?: Question
    /** What it is about, where that is no call: `callId` is empty then. */
    readonly subject?: Subject
  }
  approval_voted: {
    readonly approvalId: string
    readonly by: string
    readonly hash: string
    readonly commandId: string
  }
  approval_resolved: {
    readonly approvalId: string
    readonly resolution: ApprovalResolution
    readonly by?: string
    readonly reason?: string
    /** The input as edited. */
    readonly input?: Json
    readonly answer?: string
    readonly commandId?: string
  }

  task_failed: {
    readonly taskId: string
    readonly failure: FailureClass
    readonly message: string
    readonly attempt?: number
  }
  budget_extended: {
    readonly by: string
    readonly tokens?: number
    readonly costMicroUsd?: number
    readonly calls?: number
    readonly events?: number
    readonly commandId: string
  }
  cancel_requested: { readonly by: string; readonly reason?: string; readonly commandId: string }
}

export type EventKind = keyof EventTable

/** One thing that happened. */
export type PawlEvent = { readonly [K in EventKind]: { readonly type: K } & EventTable[K] }[EventKind]

export type EventOf<K extends EventKind> = Extract<PawlEvent, { readonly type: K }>

/** An event at its place in a log. `at` is epoch milliseconds, never before the event in front of it. */
export type LogEvent = { readonly seq: number; readonly at: number; readonly event: PawlEvent }

export type {
  CallTerms,
  Judgement,
  ModelError,
  Origin,
  Purpose,
  Question,
  Reservation,
  Subject,
} from './event-parts.ts'
