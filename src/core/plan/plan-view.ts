/** A plan as people and models are shown it: the tasks in plan order, each with what became of it. */
import type { Json } from '../json.ts'
import type { FailureClass, RecoveryAction } from '../vocabulary.ts'
import type { PlanMode, PlanTask, TaskStatus } from './plan.ts'

/** `ready` and `unreachable` are derived: no dependency is missing; one of them will never be there. */
export type ShownStatus = TaskStatus | 'ready' | 'unreachable'

export type TaskView = {
  readonly task: PlanTask
  readonly status: ShownStatus
  /** Of a completed one. Undefined: none. */
  readonly result?: Json
  /** Of a failed one, and of a skipped one what it was skipped for. */
  readonly failure?: { readonly failure: FailureClass; readonly message: string }
  readonly reason?: string
  /** The failed tasks that an unreachable one waits for in vain, or the unfinished ones that a pending one waits for. */
  readonly blockedBy: readonly string[]
  readonly attempt: number
  /** What was chosen last when it failed. */
  readonly recovery?: RecoveryAction
  /** Epoch milliseconds. */
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly costMicroUsd: number
  readonly tokens: number
  /** The calls that it has made, in their order. */
  readonly callIds: readonly string[]
}

export type PlanView = {
  readonly goal: string
  readonly notes?: string
  readonly version: number
  readonly mode: PlanMode
  readonly tasks: readonly TaskView[]
}
