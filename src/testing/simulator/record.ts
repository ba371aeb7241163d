/** What an observer outside knows of a session, from the events alone and without the reducers that it is to doubt. */
import type { EventOf, LogEvent, Outcome, Usage, Verdict } from '../../core/index.ts'
import { freshMemoryRecord, type MemoryRecord } from './memory-record.ts'
import { freshPlanRecord, type PlanRecord } from './plan-record.ts'

export type CallRecord = {
  readonly callId: string
  /** The task whose call it is. */
  readonly taskId: string
  readonly tool: string
  readonly isWrite: boolean
  /** Exactly what will run, as far as it is known. */
  input: unknown
  /** Attempts whose intent stands in the log. */
  readonly started: Set<number>
  /** Attempts with an outcome. */
  readonly finished: Set<number>
  outcome: Outcome | null
  isOver: boolean
  approvalHash: string
  isDenied: boolean
  needsApproval: boolean
  readonly approvedHashes: Set<string>
  /** Canonical inputs that people have approved, with the names of those who have. */
  readonly approvedInputs: Map<string, ReadonlySet<string>>
  retries: number
  /** When the runtime may repeat it. */
  retryAt: number
  runAgain: number
  /** What policy said last, who asked it, and at which place. */
  verdict: Verdict | null
  judgedFence: number
  judgedSeq: number
  /** The place of the last answer that lets it run. */
  approvedSeq: number
  /** Since somebody changed its input. */
  isApprovedSinceEdit: boolean
  readonly approvedReasons: Set<string>
  /** Of a task that is one call: its input, with every reference resolved by what the log says; undefined: a person has written it. */
  injected: unknown
  /** It moves the plan or its tasks, and runs nowhere. */
  isControl: boolean
}

/** One loop: of the session itself, or of a task. */
export type LoopRecord = {
  /** Calls of its newest decision, in the order proposed. */
  turnCalls: readonly string[]
  /** Of the turn. */
  requestsFailed: number
  /** A turn has begun, and no decision was recorded. */
  isTurnOpen: boolean
  /** When the next request of the turn may be made; null: never. */
  requestAgainAt: number | null
  /** Since the last message, or since this attempt of its task began. */
  turns: number
  /** Requests of memory that stood between them, all in all. */
  memoryTurns: number
  /** Of its newest request. */
  requestKey: string
  /** What its newest request may have seen. */
  contextSeq: number
  /** The text of its newest decision. */
  text: string
}

export type AskedRecord = EventOf<'approval_requested'> & {
  readonly input: unknown
  readonly votes: Set<string>
}

export type SessionRecord = {
  readonly tenant: string
  readonly sessionId: string
  readonly log: LogEvent[]
  readonly calls: Map<string, CallRecord>
  /** By task; the session's own is `root`. */
  readonly loops: Map<string, LoopRecord>
  readonly plan: PlanRecord
  readonly memory: MemoryRecord
  /** Open ones: what was asked, by id. */
  readonly open: Map<string, AskedRecord>
  readonly resolved: Map<string, string>
  readonly unknown: Set<string>
  /** With the place of its event. */
  readonly commandIds: Map<string, number>
  /** `task/purpose/turn/attempt` of requests whose intent stands in the log, with what they may have seen. */
  readonly requests: Map<string, number>
  /** What was judged under which approval hash. */
  readonly judged: Map<string, string>
  /** Requests that a model has received. */
  readonly asked: Set<string>
  /** What its model says that an answer has used, by request. */
  readonly used: Map<string, Usage | null>
  /** What people have said. */
  readonly said: { readonly seq: number; readonly text: string }[]
  /** Started attempts without an outcome: `callId/attempt`. */
  readonly running: Set<string>
  started: EventOf<'session_started'> | null
  /** Requests that are under way, by task. */
  readonly asking: Map<string, EventOf<'model_started'>>
  /** A tool has said that the session ends with its output. */
  hasEnding: boolean
  fence: number
  cancelSeq: number | null
  ended: EventOf<'session_ended'> | null
  parked: string | null
  drivenMs: number
  tokens: number
  costMicroUsd: number
  callsStarted: number
  retries: number
  /** Raised by people. */
  readonly extended: { tokens: number; costMicroUsd: number; calls: number; events: number }
}

export function freshRecord(tenant: string, sessionId: string): SessionRecord {
  return {
    tenant,
    sessionId,
    log: [],
    calls: new Map(),
    loops: new Map(),
    plan: freshPlanRecord(),
    memory: freshMemoryRecord(),
    open: new Map(),
    resolved: new Map(),
    unknown: new Set(),
    commandIds: new Map(),
    requests: new Map(),
    judged: new Map(),
    asked: new Set(),
    used: new Map(),
    said: [],
    running: new Set(),
    started: null,
    asking: new Map(),
    hasEnding: false,
    fence: 0,
    cancelSeq: null,
    ended: null,
    parked: null,
    drivenMs: 0,
    tokens: 0,
    costMicroUsd: 0,
    callsStarted: 0,
    retries: 0,
    extended: { tokens: 0, costMicroUsd: 0, calls: 0, events: 0 },
  }
}

export function freshCall(call: Pick<CallRecord, 'callId' | 'taskId' | 'tool' | 'isWrite' | 'input'>): CallRecord {
  return {
    ...call,
    started: new Set(),
    finished: new Set(),
    outcome: null,
    isOver: false,
    approvalHash: '',
    isDenied: false,
    needsApproval: false,
    approvedHashes: new Set(),
    approvedInputs: new Map(),
    retries: 0,
    retryAt: 0,
    runAgain: 0,
    verdict: null,
    judgedFence: 0,
    judgedSeq: 0,
    approvedSeq: 0,
    isApprovedSinceEdit: false,
    approvedReasons: new Set(),
    injected: undefined,
    isControl: false,
  }
}

export const ROOT = 'root'

export function loopOf({ loops }: SessionRecord, taskId: string): LoopRecord {
  const known = loops.get(taskId)
  if (known !== undefined) return known
  const loop: LoopRecord = {
    turnCalls: [],
    requestsFailed: 0,
    isTurnOpen: false,
    requestAgainAt: 0,
    turns: 0,
    memoryTurns: 0,
    requestKey: '',
    contextSeq: 0,
    text: '',
  }
  loops.set(taskId, loop)
  return loop
}

/** The cap on something, with what people have added; null: none. */
export function capOf(
  record: SessionRecord,
  cap: 'maxTokens' | 'maxCostMicroUsd' | 'maxCalls' | 'maxEvents',
): number | null {
  const { started, extended } = record
  const first = started?.budget[cap] ?? null
  if (first === null) return null
  const added = {
    maxTokens: 'tokens',
    maxCostMicroUsd: 'costMicroUsd',
    maxCalls: 'calls',
    maxEvents: 'events',
  } as const
  return first + extended[added[cap]]
}
