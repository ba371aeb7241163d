/** What there is before the first event, and before a task has begun. */
import type { Budget, SessionLimits } from './limits.ts'
import type { State, TaskState } from './state.ts'

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
    planning: null,
    route: null,
    plan: null,
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
    index: { started: new Set(), unknown: new Set(), effects: new Map(), openApprovals: new Set(), active: new Set() },
  }
}

export function freshTask(taskId: string): TaskState {
  return {
    taskId,
    phase: 'decide',
    turn: 0,
    turnsBefore: 0,
    purposeTurns: { decide: 0, plan: 0, route: 0 },
    attempts: 0,
    failures: 0,
    retryAt: null,
    model: null,
    lastError: null,
    open: [],
    callIds: [],
    failure: null,
    purpose: 'decide',
    isCall: false,
    callsBefore: [],
    attempt: 1,
    startSeq: 0,
    parent: null,
    depth: 0,
    specialist: null,
    tools: null,
    cap: {},
    windowTurns: null,
    timeoutMs: null,
    delegated: null,
    entries: [],
    underWay: 0,
    drivenMs: 0,
    drivenSince: 0,
    spent: { tokens: 0, costMicroUsd: 0, reservedTokens: 0, reservedCostMicroUsd: 0 },
    spentBefore: { tokens: 0, costMicroUsd: 0 },
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
