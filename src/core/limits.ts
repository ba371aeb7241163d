/** What a session may use. Written into `session_started`; `extend_budget` raises it. */
export type Budget = {
  /** Turns after each message of a person. */
  readonly maxTurns: number
  /** Driven time after each message, in milliseconds; parked time does not count. */
  readonly maxWallClockMs: number
  /** Tokens of the session's life, prompt and output; null: no cap. */
  readonly maxTokens: number | null
  /** Cost of the session's life, in micro-dollars; null: no cap. */
  readonly maxCostMicroUsd: number | null
  /** Tool calls of the session's life that may start; null: no cap. */
  readonly maxCalls: number | null
  /** Events of the session's life. */
  readonly maxEvents: number
  /** Repeats of calls by the runtime, for the session's life. */
  readonly maxCallRetries: number
  /** What reaching `maxTokens` or `maxCostMicroUsd` does: end the session, or block it until somebody extends the budget. */
  readonly whenExhausted: 'stop' | 'block'
}

export const defaultBudget: Budget = {
  maxTurns: 12,
  maxWallClockMs: 30 * 60_000,
  maxTokens: null,
  maxCostMicroUsd: null,
  maxCalls: null,
  maxEvents: 50_000,
  maxCallRetries: 10,
  whenExhausted: 'stop',
}

/** The limits of the runtime. `pawl limits` prints them; one test asserts them. */
export type Limits = {
  /** How long a worker's claim holds without a renewal; renewed at half. */
  readonly leaseMs: number
  /** How often a process looks for foreign commits, wakes and expired leases. */
  readonly noticeMs: number
  /** How long a tool that was told to stop may take before it is abandoned. */
  readonly graceMs: number
  /** How far a driver's clock may be off the store's. */
  readonly maxSkewMs: number
  /**
   * How long the event loop may stand still before a thread beside it gives the worker's sessions up. Below `leaseMs`; 0: no thread
   * looks. Nor does one where `leaseMs` was set as low as the default of this: the end of the lease comes first.
   */
  readonly stallMs: number
  readonly toolTimeoutMs: number
  readonly modelTimeoutMs: number
  readonly policyTimeoutMs: number
  readonly secretTimeoutMs: number
  /** Values of secrets that one process may know; a tool that wants another is refused. */
  readonly maxSecretValues: number
  readonly maxSecretCharacters: number
  readonly approvalExpiryMs: number
  /** The largest body of one event, in bytes of UTF-8. */
  readonly maxEventBytes: number
  /** The largest message, tool input or answer that is taken in, in bytes of UTF-8. */
  readonly maxInputBytes: number
  /** The largest output of a tool that is taken in, in bytes of UTF-8; over `maxInlineBytes` it becomes an artifact. */
  readonly maxOutputBytes: number
  /** An output of more bytes becomes an artifact, of which a prompt shows a short payload. */
  readonly maxInlineBytes: number
  /** How often the store is asked to keep an artifact before the output is recorded without one. */
  readonly artifactAttempts: number
  /** Passages that one search in artifacts answers with at most. */
  readonly maxSearchMatches: number
  /** Facts of working memory, where an agent says nothing. */
  readonly maxFacts: number
  /** Facts of at least this priority are never compressed. */
  readonly pinAt: number
  /** Of the value of one fact, as JSON, and of one question. */
  readonly maxFactCharacters: number
  /** Questions that are open in working memory. */
  readonly maxQuestions: number
  /** No prompt is estimated higher: what is oldest leaves it first. */
  readonly maxPromptTokens: number
  /** A prompt over this has its older turns summarized. */
  readonly summarizeWhenTokens: number
  /** Turns that a summary leaves as they are. */
  readonly keepTurns: number
  /** A list of more tools is offered through `search_tools`. */
  readonly maxToolsShown: number
  /** Ended sessions are erased after this time; 0: never. */
  readonly retainEndedMs: number
  /** Artifacts that no event has named are swept after this time. */
  readonly orphanArtifactMs: number
  /** How often an engine looks for what may be erased and swept. */
  readonly sweepEveryMs: number
  /** The heap of an isolated tool's thread or process; of a process also the largest answer, as it is sent. */
  readonly isolatedMemoryBytes: number
  /** How deep outside JSON may nest. */
  readonly maxDepth: number
  readonly warnEvents: number
  readonly transportAttempts: number
  readonly transportBackoffMs: number
  readonly maxBackoffMs: number
  readonly callBackoffMs: number
  readonly maxConcurrentCalls: number
  readonly maxCallsPerTurn: number
  /** An answer with more calls than this is none: it fails as `too_many_calls`, and the model is asked again. */
  readonly maxCallsInAnswer: number
  /** Output tokens asked of a model when the agent says nothing. */
  readonly maxOutputTokens: number
  /** A request that could not answer at least this much is not made: the budget is exhausted. */
  readonly minOutputTokens: number
  /** Turns of history that a prompt shows. */
  readonly windowTurns: number
  readonly resultPreviewCharacters: number
  readonly streamBuffer: number
  readonly maxSessionsInFlight: number
  readonly warnTools: number
  /** Leaves of a plan that run side by side, where an agent says nothing. */
  readonly maxParallelTasks: number
  readonly taskTimeoutMs: number
  readonly maxPlanTasks: number
  /** Steps of a flexible plan, which stands in every prompt. */
  readonly maxPlanSteps: number
  /** Parent links from the root, through parents and `delegate` alike. */
  readonly maxTaskDepth: number
  readonly maxFanOut: number
  readonly replanThreshold: number
  readonly maxReplans: number
  readonly maxPlanAttempts: number
  /** Passes of `next` over one commit before the runtime calls it a defect. */
  readonly maxFixpoint: number
}

export const defaultLimits: Limits = {
  leaseMs: 15_000,
  noticeMs: 250,
  graceMs: 5_000,
  maxSkewMs: 5 * 60_000,
  stallMs: 5_000,
  toolTimeoutMs: 60_000,
  modelTimeoutMs: 120_000,
  policyTimeoutMs: 5_000,
  secretTimeoutMs: 5_000,
  maxSecretValues: 10_000,
  maxSecretCharacters: 16_384,
  approvalExpiryMs: 7 * 24 * 3_600_000,
  maxEventBytes: 1_048_576,
  maxInputBytes: 262_144,
  maxOutputBytes: 67_108_864,
  maxInlineBytes: 16_384,
  artifactAttempts: 5,
  maxSearchMatches: 10,
  maxFacts: 50,
  pinAt: 90,
  maxFactCharacters: 1_000,
  maxQuestions: 20,
  maxPromptTokens: 100_000,
  summarizeWhenTokens: 32_000,
  keepTurns: 6,
  maxToolsShown: 20,
  retainEndedMs: 0,
  orphanArtifactMs: 86_400_000,
  sweepEveryMs: 600_000,
  isolatedMemoryBytes: 268_435_456,
  maxDepth: 64,
  warnEvents: 10_000,
  transportAttempts: 5,
  transportBackoffMs: 500,
  maxBackoffMs: 60_000,
  callBackoffMs: 1_000,
  maxConcurrentCalls: 4,
  maxCallsPerTurn: 8,
  maxCallsInAnswer: 1_000,
  maxOutputTokens: 4_096,
  minOutputTokens: 16,
  windowTurns: 40,
  resultPreviewCharacters: 1_000,
  streamBuffer: 32,
  maxSessionsInFlight: 64,
  warnTools: 12,
  maxParallelTasks: 3,
  taskTimeoutMs: 300_000,
  maxPlanTasks: 10_000,
  maxPlanSteps: 50,
  maxTaskDepth: 4,
  maxFanOut: 100,
  replanThreshold: 1,
  maxReplans: 3,
  maxPlanAttempts: 3,
  maxFixpoint: 64,
}

/** The part of the limits that control flow reads; written into `session_started`, so that `next` needs only the log. */
export type SessionLimits = Pick<
  Limits,
  | 'graceMs'
  | 'approvalExpiryMs'
  | 'transportAttempts'
  | 'transportBackoffMs'
  | 'maxBackoffMs'
  | 'callBackoffMs'
  | 'maxConcurrentCalls'
  | 'maxCallsPerTurn'
  | 'minOutputTokens'
  | 'windowTurns'
  | 'maxFixpoint'
>

export function sessionLimits(limits: Limits): SessionLimits {
  return {
    graceMs: limits.graceMs,
    approvalExpiryMs: limits.approvalExpiryMs,
    transportAttempts: limits.transportAttempts,
    transportBackoffMs: limits.transportBackoffMs,
    maxBackoffMs: limits.maxBackoffMs,
    callBackoffMs: limits.callBackoffMs,
    maxConcurrentCalls: limits.maxConcurrentCalls,
    maxCallsPerTurn: limits.maxCallsPerTurn,
    minOutputTokens: limits.minOutputTokens,
    windowTurns: limits.windowTurns,
    maxFixpoint: limits.maxFixpoint,
  }
}
