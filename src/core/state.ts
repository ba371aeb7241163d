/** What the events of one session add up to. Only the reducers write it; everybody else gets it read-only. */
import type { ApprovalState, CallState } from './call-state.ts'
import type { EventTable, ModelError, Origin, Purpose, Reservation } from './event.ts'
import type { JsonObject } from './json.ts'
import type { Budget, SessionLimits } from './limits.ts'
import type { MemoryAbout } from './memory/about.ts'
import type { Fact, Question as OpenQuestion } from './memory/fact.ts'
import type { Passage } from './memory/memory-events.ts'
import type { MemoryTerms } from './memory/memory-terms.ts'
import type { AssistantPart } from './message.ts'
import type { TaskCap } from './plan/plan.ts'
import type { Delegated } from './plan/plan-events.ts'
import type { PlanState } from './plan/plan-state.ts'
import type { PlanningTerms } from './plan/planning-terms.ts'
import type { BlockedReason, Ending, FailureClass, StopReason, Trust, WaitingReason } from './vocabulary.ts'

export type { ApprovalState, CallState, CallStatus } from './call-state.ts'

export const ROOT_TASK = 'root'

export type ModelAttempt = {
  attempt: number
  fence: number
  contextSeq: number
  startedAt: number
  definitionHash: string
  reserved: Reservation
  /** Of a request of memory. */
  about: MemoryAbout | null
}

/** `decide`: a turn is due. `deciding`: a model is asked. `calls`: its calls are open. `executing`: its plan is. `answered`: nothing is left to do. */
export type TaskPhase = 'decide' | 'deciding' | 'calls' | 'executing' | 'answered' | 'failed'

export type TaskState = {
  taskId: string
  phase: TaskPhase
  /** What the next request to a model is for. */
  purpose: Purpose
  /** Counted on from one attempt of a task to the next. */
  turn: number
  /** Before the first turn of this attempt. */
  turnsBefore: number
  /** Turns by what was asked for. */
  purposeTurns: Readonly<Record<Purpose, number>>
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
  /** It is one call, and has no loop. */
  isCall: boolean
  /** Of a task that is one call: those of the attempts before in this piece of work, which may have taken effect. The newest last. */
  callsBefore: readonly string[]
  /** How often the task was begun. */
  attempt: number
  /** The event that began this attempt. */
  startSeq: number
  /** The task that it is a part of, or that has delegated it. */
  parent: string | null
  depth: number
  /** Whose instructions, model and tools its loop has; null: the agent's own. */
  specialist: string | null
  tools: readonly string[] | null
  cap: TaskCap
  /** Turns that its prompt shows; null: as many as the session's. */
  windowTurns: number | null
  timeoutMs: number | null
  /** Of a delegated task. */
  delegated: Delegated | null
  /** What has left its prompts. Null: nothing yet. */
  compaction: Compaction | null
  /** What was looked up of that, for the newest message. */
  recalled: { messageSeq: number; throughSeq: number; passages: readonly Passage[] } | null
  /** Tools that `search_tools` has found for it; the newest last. */
  found: readonly string[]
  /** Of the newest prompt whose tokens the provider has counted. */
  counted: { estimated: number; tokens: number } | null
  /** The loop's own turns. The root's stand in `State.transcript`, with the messages of people. */
  entries: TranscriptEntry[]
  /** Requests and calls that are under way; only while there are any, its time passes. */
  underWay: number
  drivenMs: number
  drivenSince: number
  /** By all its attempts, and by the tasks below it. */
  spent: { tokens: number; costMicroUsd: number; reservedTokens: number; reservedCostMicroUsd: number }
  /** By the attempts before this one: a cap is one of each attempt. */
  spentBefore: { tokens: number; costMicroUsd: number }
}

export type Compaction = {
  /** The event that says so. */
  seq: number
  throughSeq: number
  summary: string | null
  /** Of the summary. */
  trust: Trust
  /** Texts and results up to `seq` are shown cut to so many characters. */
  cutCharacters: number | null
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
  /** Null: the agent makes no plans. */
  planning: PlanningTerms | null
  /** `messageSeq`: the message that it was chosen for. Null: not yet. */
  route: (EventTable['route_chosen'] & { readonly messageSeq: number }) | null
  plan: PlanState | null
  /** Null: of a session from before there was memory. */
  memory: MemoryTerms | null
  facts: Map<string, Fact>
  questions: Map<string, OpenQuestion>
  startedAt: number
  cancel: { by: string; reason: string | null } | null
  parked: { reason: BlockedReason | WaitingReason; message: string | null } | null
  ended: {
    reason: StopReason
    ending: Ending
    unresolved: readonly string[]
    closing: string | null
    isPartial: boolean
  } | null
  transcript: TranscriptEntry[]
  tasks: Map<string, TaskState>
  calls: Map<string, CallState>
  approvals: Map<string, ApprovalState>
  ledger: Ledger
  /** Since the last message of a person. */
  sinceMessage: { seq: number; turns: number; drivenMs: number }
  /** Rises with each write that begins or ends; a write judged before that is judged again at dispatch. */
  writeEpoch: number
  /** Kept for speed, each checked against its derivation in a property test. */
  index: {
    started: Set<string>
    unknown: Set<string>
    effects: Map<string, string[]>
    openApprovals: Set<string>
    /** Tasks whose loop or call is not at its end. */
    active: Set<string>
    /** Calls by the hash of the artifact that their output is. */
    artifacts: Map<string, string[]>
  }
}

/** Where the turns of a task's loop stand. */
export function entriesOf(state: State, task: TaskState): TranscriptEntry[] {
  return task.taskId === ROOT_TASK ? state.transcript : task.entries
}

/** In the order in which they were begun: that of the index means nothing. */
export function activeTasks(state: State): readonly TaskState[] {
  const tasks: TaskState[] = []
  let isInOrder = true
  for (const taskId of state.index.active) {
    const task = state.tasks.get(taskId)
    if (task === undefined) continue
    if (task.startSeq < (tasks.at(-1)?.startSeq ?? 0)) isInOrder = false
    tasks.push(task)
  }
  return isInOrder ? tasks : tasks.sort((one, other) => one.startSeq - other.startSeq)
}

/** Nobody knows whether a call of its newest turn took effect. */
export function hasUnknown(state: State, task: TaskState): boolean {
  return state.index.unknown.size > 0 && task.callIds.some((callId) => state.index.unknown.has(callId))
}
