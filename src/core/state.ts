/** What the events of one session add up to. Only the reducers write it; everybody else gets it read-only. */
import type { CallTerms, ModelError, Origin, Question, Reservation } from './event.ts'
import type { Json, JsonObject } from './json.ts'
import type { Budget, SessionLimits } from './limits.ts'
import type { AssistantPart } from './message.ts'
import type {
  ApprovalResolution,
  BlockedReason,
  EffectClass,
  Ending,
  FailureClass,
  Outcome,
  Settlement,
  StopReason,
  Trust,
  WaitingReason,
} from './vocabulary.ts'

export const ROOT_TASK = 'root'

/** `lost`: it started under a fence that is gone, and what follows depends on its effect class. */
export type CallStatus = 'proposed' | 'held' | 'allowed' | 'started' | 'lost' | 'finished'

export type CallState = {
  callId: string
  taskId: string
  turn: number
  tool: string
  providerCallId: string
  /** What will run, as far as it is known: proposed, then as judged, then as edited. */
  input: Json
  /** Why the proposal could not be read, or was over a limit; such a call is never judged. */
  problem: string | null
  status: CallStatus
  effect: EffectClass | null
  terms: CallTerms | null
  policyReason: string | null
  judgements: number
  judgedFence: number
  judgedEpoch: number
  attempt: number
  fence: number
  startedAt: number
  leaseMs: number
  retries: number
  retryAt: number | null
  outcome: Outcome | null
  tookEffect: boolean
  presented: Json | undefined
  summary: JsonObject | undefined
  ending: Ending | null
  settled: { settlement: Settlement; by: string; reason: string | null } | null
  lateOutcome: Outcome | null
  approvalId: string | null
  /** The hash that people have approved. */
  approvedHash: string | null
  editedBy: string | null
  runAgainBy: string | null
  /** Characters of the result, for the estimate of a prompt. */
  characters: number
}

export type ApprovalState = {
  approvalId: string
  callId: string
  kind: 'approval' | 'question'
  reason: string
  message: string | null
  hash: string
  quorum: number
  notRequester: boolean
  requestedAt: number
  expiresAt: number
  ask: string | null
  question: Question | null
  votes: string[]
  resolution: ApprovalResolution | null
  resolvedBy: string | null
  resolvedReason: string | null
}

export type ModelAttempt = {
  attempt: number
  fence: number
  contextSeq: number
  startedAt: number
  definitionHash: string
  reserved: Reservation
}

/** `decide`: a turn is due. `deciding`: a model is asked. `calls`: its calls are open. `answered`: nothing is left to do. */
export type TaskPhase = 'decide' | 'deciding' | 'calls' | 'answered' | 'failed'

export type TaskState = {
  taskId: string
  phase: TaskPhase
  turn: number
  attempts: number
  /** Failed attempts of this turn. */
  failures: number
  retryAt: number | null
  model: ModelAttempt | null
  lastError: ModelError | null
  /** Calls of the turn that are not finished. */
  open: string[]
  callIds: string[]
  failure: { failure: FailureClass; message: string } | null
}

export type TranscriptEntry =
  | { type: 'user'; seq: number; text: string; trust: Trust; origin: Origin; characters: number }
  | {
      type: 'assistant'
      seq: number
      taskId: string
      turn: number
      /** What it had seen of the log. */
      contextSeq: number
      parts: readonly AssistantPart[]
      callIds: readonly string[]
      characters: number
    }

export type Ledger = {
  inputTokens: number
  outputTokens: number
  /** Tokens counted against `maxTokens`: settled usage, and whole reservations of attempts without one. */
  tokens: number
  costMicroUsd: number
  reservedTokens: number
  reservedCostMicroUsd: number
  calls: number
  callRetries: number
}

export type State = {
  tenant: string
  sessionId: string
  seq: number
  at: number
  agent: string
  definitionHash: string
  requester: Origin
  context: JsonObject
  budget: Budget
  limits: SessionLimits
  closing: Readonly<Partial<Record<StopReason, string>>>
  startedAt: number
  cancel: { by: string; reason: string | null } | null
  parked: { reason: BlockedReason | WaitingReason; message: string | null } | null
  ended: { reason: StopReason; ending: Ending; unresolved: readonly string[]; closing: string | null } | null
  transcript: TranscriptEntry[]
  tasks: Map<string, TaskState>
  calls: Map<string, CallState>
  approvals: Map<string, ApprovalState>
  ledger: Ledger
  /** Since the last message of a person. */
  sinceMessage: { seq: number; turns: number; drivenMs: number }
  /** Rises with each write that ends; a write judged before that is judged again at dispatch. */
  writeEpoch: number
  /** Kept for speed, each checked against its derivation in a property test. */
  index: { started: Set<string>; unknown: Set<string>; effects: Map<string, string[]>; openApprovals: Set<string> }
}

/** The state in front of the first event. */
export function freshState(tenant: string, sessionId: string): State {
  return {
    tenant,
    sessionId,
    seq: 0,
    at: 0,
    agent: '',
    definitionHash: '',
    requester: { type: 'api' },
    context: {},
    budget: noBudget,
    limits: noLimits,
    closing: {},
    startedAt: 0,
    cancel: null,
    parked: null,
    ended: null,
    transcript: [],
    tasks: new Map(),
    calls: new Map(),
    approvals: new Map(),
    ledger: {
      inputTokens: 0,
      outputTokens: 0,
      tokens: 0,
      costMicroUsd: 0,
      reservedTokens: 0,
      reservedCostMicroUsd: 0,
      calls: 0,
      callRetries: 0,
    },
    sinceMessage: { seq: 0, turns: 0, drivenMs: 0 },
    writeEpoch: 0,
    index: { started: new Set(), unknown: new Set(), effects: new Map(), openApprovals: new Set() },
  }
}

export function freshTask(taskId: string): TaskState {
  return {
    taskId,
    phase: 'decide',
    turn: 0,
    attempts: 0,
    failures: 0,
    retryAt: null,
    model: null,
    lastError: null,
    open: [],
    callIds: [],
    failure: null,
  }
}

const noBudget: Budget = {
  maxTurns: 0,
  maxWallClockMs: 0,
  maxTokens: null,
  maxCostMicroUsd: null,
  maxCalls: null,
  maxEvents: 0,
  maxCallRetries: 0,
  whenExhausted: 'stop',
}

const noLimits: SessionLimits = {
  graceMs: 0,
  approvalExpiryMs: 0,
  transportAttempts: 0,
  transportBackoffMs: 0,
  maxBackoffMs: 0,
  callBackoffMs: 0,
  maxConcurrentCalls: 0,
  maxCallsPerTurn: 0,
  minOutputTokens: 0,
  windowTurns: 1,
  maxFixpoint: 1,
}
