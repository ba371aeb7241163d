/** What can stand in a log about plans and their tasks: part of the one table of events. All of format 2. */
import type { Json } from '../json.ts'
import type { FailureClass, RecoveryAction, Route } from '../vocabulary.ts'
import type { PlanMode, PlanProblem, PlanTask, TaskStatus } from './plan.ts'

/** Where a plan came from, and why it came. */
export type PlanCause =
  /** The planner, asked for the first plan of a piece of work. */
  | { readonly type: 'planned' }
  | { readonly type: 'given' }
  | { readonly type: 'template'; readonly template: string }
  /** The model of a flexible plan has called `plan`. */
  | { readonly type: 'call'; readonly callId: string }
  /** What is left is planned anew, since these tasks have failed. */
  | { readonly type: 'replan'; readonly taskIds: readonly string[]; readonly failure: FailureClass }
  /** One failed task becomes several. */
  | { readonly type: 'decompose'; readonly taskId: string; readonly failure: FailureClass }
  | { readonly type: 'edited'; readonly by: string }
  /** A processor, by what a call came to. */
  | { readonly type: 'patch'; readonly callId: string }

export type RouteLevel = 'forced' | 'rules' | 'model' | 'keywords'

export type PlanEventTable = {
  route_chosen: {
    readonly route: Route
    readonly level: RouteLevel
    readonly reason: string
    readonly confidence: number | null
  }
  plan_proposed: {
    readonly version: number
    readonly mode: PlanMode
    readonly cause: PlanCause
    readonly goal: string
    readonly notes?: string
    readonly criticalPath?: readonly string[]
    /** All of them, or the first: the rest follows in `plan_tasks_listed`. */
    readonly tasks: readonly PlanTask[]
    readonly taskCount: number
  }
  plan_tasks_listed: { readonly version: number; readonly tasks: readonly PlanTask[] }
  plan_rejected: {
    /** 0: what came was no plan at all. */
    readonly version: number
    readonly attempt: number
    readonly problems: readonly PlanProblem[]
    /** A person who was asked. */
    readonly by?: string
  }
  plan_adopted: { readonly version: number; readonly warnings: readonly PlanProblem[] }
  /** A step of a flexible plan. */
  plan_step_moved: {
    readonly taskId: string
    readonly status: TaskStatus
    readonly callId: string
    readonly result?: string
    /** Whoever it was delegated to has failed. */
    readonly isRolledBack?: true
  }
  task_started: {
    readonly taskId: string
    readonly attempt: number
    /** Of the plan; absent: a delegated task. */
    readonly version?: number
    /** Of a task that is one call: that call. */
    readonly callId?: string
    /** Of a task that is one call, where a part of its input stands in an artifact: the input. */
    readonly input?: Json
    /** Of a task with `forEach`: how many children it has. */
    readonly elements?: number
    /** Of a task with `forEach`, where these stand in an artifact: the elements. */
    readonly items?: readonly Json[]
    readonly delegated?: Delegated
  }
  task_finished: {
    readonly taskId: string
    readonly status: Extract<TaskStatus, 'completed' | 'skipped' | 'cancelled'>
    readonly reason?: string
    /** The result, where it is neither the output of the task's call nor the text of its last answer. */
    readonly output?: Json
  }
  recovery_chosen: {
    readonly taskId: string
    readonly failure: FailureClass
    readonly action: RecoveryAction
    /** A sentence for people. */
    readonly reason: string
    /** The attempt that has failed. */
    readonly attempt: number
    /** Of a retry: not before. */
    readonly retryAt?: number
    readonly by?: string
    /** What a person says to whoever tries it again. */
    readonly hint?: string
    /** What a person wants a direct call to be tried again with. */
    readonly input?: Json
    /** Of a decision on an escalation. */
    readonly approvalId?: string
  }
}

/** A task that a model has given to a specialist, or to another loop of its own agent. */
export type Delegated = {
  /** The task whose loop has called `delegate`. */
  readonly parent: string
  readonly callId: string
  readonly name: string
  readonly brief: string
  readonly specialist?: string
  readonly tools?: readonly string[]
  /** The step of the flexible plan that it is, and the version that it is a step of. */
  readonly step?: string
  readonly planVersion?: number
}
