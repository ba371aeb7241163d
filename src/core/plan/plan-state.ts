/** What the events add up to about plans. Written by reducers only. */
import type { Json } from '../json.ts'
import type { FailureClass, RecoveryAction } from '../vocabulary.ts'
import type { PlanMode, PlanProblem, PlanTask, TaskStatus } from './plan.ts'
import type { PlanCause } from './plan-events.ts'

/** A task of the plan in force. */
export type TaskNode = {
  task: PlanTask
  /** Its place in the plan. */
  order: number
  /** Its place among all tasks when they are ready: the longest remaining path first. */
  rank: number
  status: TaskStatus
  /** Of the elements of its parent's array: which one this is. */
  element: number | null
  /** The elements of its array, where that stands in an artifact. */
  items: readonly Json[] | undefined
  /** Dependencies that keep it from starting; 0 and pending: ready. */
  waitingFor: number
  /** Dependencies that will never be there: above 0 it is unreachable. */
  outOfReach: number
  children: string[]
  childrenLeft: number
  /** Required children that have failed or are out of reach. */
  childrenFailed: number
  /** Children of which it is not known yet what they come to. */
  childrenOpen: number
  dependents: string[]
  attempt: number
  retryAt: number | null
  startedAt: number | null
  endedAt: number | null
  /** Of a task that is one call: the newest of its attempts. */
  callId: string | null
  /** Of a task with a loop: where its last answer stands in `output`, or as text. */
  output: Json | undefined
  failure: { failure: FailureClass; message: string } | null
  recovery: RecoveryAction | null
  /** How often each action was chosen for it: `retry` 2, `replan` 1. */
  recoveries: Partial<Record<RecoveryAction, number>>
  reason: string | null
  hint: string | null
  /** What a person wants it to be tried again with. */
  input: Json | undefined
  /** The open question to people about its failure. */
  approvalId: string | null
}

export type PlanVersion = {
  version: number
  mode: PlanMode
  cause: PlanCause
  /** Of `plan_proposed`. */
  seq: number
  at: number
  goal: string
  notes: string | null
  criticalPath: readonly string[] | null
  tasks: PlanTask[]
  taskCount: number
  status: 'proposed' | 'adopted' | 'rejected'
  problems: readonly PlanProblem[]
  warnings: readonly PlanProblem[]
}

/** That a planner is to be asked, for what, and what came of its answers so far. */
export type PlanRequest = {
  cause: Extract<PlanCause, { type: 'planned' | 'replan' | 'decompose' }>
  mode: PlanMode
  attempts: number
  /** How many of its answers were the failed plan, word for word. */
  repeats: number
  problems: readonly PlanProblem[]
}

export type PlanState = {
  /** In force; 0: none. */
  version: number
  mode: PlanMode
  goal: string
  notes: string | null
  /** In plan order; children of a task with `forEach` stand behind all others. */
  nodes: Map<string, TaskNode>
  /** Every version that was proposed, in order. */
  versions: PlanVersion[]
  /** Looked at by nobody yet, or by a person just now. */
  pending: { version: number; isLookedAt: boolean; warnings: readonly PlanProblem[]; approvalId: string | null } | null
  request: PlanRequest | null
  replans: number
  failuresInARow: number
  isAborted: boolean
  /** Children of a task with `forEach` stand between its rank and the next. */
  byRank: Map<number, string>
  /** Kept for speed: a heap of ranks, and who is where. */
  ready: number[]
  running: Set<string>
  retrying: Set<string>
  /** Failed, and nothing was chosen yet. */
  unrecovered: Set<string>
  /** Failed for good, or until a person says otherwise. */
  failed: Set<string>
  /** Of these: people are to be asked about them, and were not yet. */
  unasked: Set<string>
  skipped: Set<string>
  /** Questions about failed tasks, in the order in which they were asked, and so in which they expire. */
  questions: string[]
  /** So many at their front have been answered. */
  questionsClosed: number
  /** So many at their front are about an earlier version. */
  questionsStale: number
}

export function freshPlan(): PlanState {
  return {
    version: 0,
    mode: 'strict',
    goal: '',
    notes: null,
    nodes: new Map(),
    versions: [],
    pending: null,
    request: null,
    replans: 0,
    failuresInARow: 0,
    isAborted: false,
    byRank: new Map(),
    ready: [],
    running: new Set(),
    retrying: new Set(),
    unrecovered: new Set(),
    failed: new Set(),
    unasked: new Set(),
    skipped: new Set(),
    questions: [],
    questionsClosed: 0,
    questionsStale: 0,
  }
}

export function freshNode(task: PlanTask, order: number): TaskNode {
  return {
    task,
    order,
    rank: order,
    status: 'pending',
    element: null,
    items: undefined,
    waitingFor: 0,
    outOfReach: 0,
    children: [],
    childrenLeft: 0,
    childrenFailed: 0,
    childrenOpen: 0,
    dependents: [],
    attempt: 0,
    retryAt: null,
    startedAt: null,
    endedAt: null,
    callId: null,
    output: undefined,
    failure: null,
    recovery: null,
    recoveries: {},
    reason: null,
    hint: null,
    input: undefined,
    approvalId: null,
  }
}
