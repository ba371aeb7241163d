/** A plan as data: what is to be done, in which order, and by whom. Callers give it, models propose it, templates are made of it. */
import type { Json, JsonObject } from '../json.ts'

/**
 * Stands anywhere in an input for the result of a task, or for the part of it that a JSON Pointer (RFC 6901) names. Resolved when
 * the task starts; the task then depends on that one, whether or not it says so. In the input of a task with `forEach`, `$item`
 * stands for the element.
 */
export type Reference = { readonly $from: string; readonly path?: string }

/** The reference to the element that a task with `forEach` is started for. */
export const ITEM = '$item'

/** What a task may use at most. Absent: what the session has left. */
export type TaskCap = {
  /** Turns of its loop. */
  readonly turns?: number
  readonly tokens?: number
  readonly costMicroUsd?: number
}

/** Decides whether a result is one: a JSON Schema, or the name of a checker of the agent's. */
export type Accept = { readonly schema: JsonObject } | { readonly checker: string }

/**
 * A node of a plan. A leaf that names a `tool` and its `input` is that one call; any other leaf is worked on by the loop of its
 * specialist, or of the agent itself. A task that others name as their `parent` is done when they are.
 */
export type PlanTask = {
  /** Names it within the plan: letters, digits, "_", "-" and ".", at most 64. */
  readonly id: string
  /** Short, for lists. */
  readonly name: string
  /** What is to be done, for whoever does it. */
  readonly description?: string
  /** Tasks that have to be completed (or skipped) before. */
  readonly dependsOn: readonly string[]
  /** `settled`: it starts when these have ended in whatever way, and is told which of them have no result. For a synthesis. */
  readonly needs?: 'completed' | 'settled'
  readonly parent?: string
  readonly specialist?: string
  /** What its loop may call. Absent: the tools of its specialist that read; what writes has to be named. */
  readonly tools?: readonly string[]
  readonly tool?: string
  readonly input?: Json
  readonly cap?: TaskCap
  readonly timeoutMs?: number
  /** How long it takes as a rule, in milliseconds: what the longest way through the plan is measured by. */
  readonly expectedMs?: number
  readonly accept?: Accept
  /** Nothing runs beside it. */
  readonly exclusive?: boolean
  /** Its parent does not fail with it. */
  readonly optional?: boolean
  /** One child for each element of an array, at most `maxFanOut`; their results are joined in order. */
  readonly forEach?: Reference
}

/** A plan that nobody has looked at yet. */
export type ProposedPlan = {
  readonly goal: string
  /** What whoever works on it should keep in mind; survives every compaction. */
  readonly notes?: string
  /** The tasks that decide how long it takes, as far as its author knows. */
  readonly criticalPath?: readonly string[]
  readonly tasks: readonly PlanTask[]
}

/** A plan as people write it down: `dependsOn` may be left out where nothing is waited for, `name` where the id says enough. */
export type GivenPlan = Omit<ProposedPlan, 'tasks'> & { readonly tasks: readonly GivenTask[] }
export type GivenTask = Omit<PlanTask, 'dependsOn' | 'name'> & Partial<Pick<PlanTask, 'dependsOn' | 'name'>>

/** A plan in force. Versions count from 1 in a session. */
export type Plan = ProposedPlan & { readonly version: number }

/** How a plan is carried out. `strict`: the runtime decides the order. `flexible`: the model moves the steps. */
export type PlanMode = 'strict' | 'flexible'

/**
 * `failed`: and no recovery is under way. `skipped`: its dependents go on without its result. What can be derived (ready, unreachable)
 * is no status.
 */
export type TaskStatus = 'pending' | 'in_progress' | 'completed' | 'failed' | 'skipped' | 'cancelled'

/** Something wrong with a plan, or (a warning) something that its author should look at. */
export type PlanProblem = {
  readonly code: PlanProblemCode | PlanWarningCode
  /** The tasks it is about; of a cycle: its path, the first task again at the end. */
  readonly tasks: readonly string[]
  /** What is wrong, and how to mend it. */
  readonly message: string
}

/** What makes a plan unfit to be carried out. */
export type PlanProblemCode = (typeof planProblemCodes)[number]
export const planProblemCodes = [
  'malformed',
  'empty_plan',
  'too_many_tasks',
  'too_many_steps',
  'not_enough_events',
  'too_large',
  'duplicate_id',
  'invalid_id',
  'cycle',
  'self_dependency',
  'unknown_dependency',
  'unknown_parent',
  'too_deep',
  'unknown_tool',
  'unknown_specialist',
  'tool_not_allowed',
  'invalid_input',
  'input_without_tool',
  'parent_that_works',
  'invalid_reference',
  'unknown_checker',
  'invalid_schema',
  'pinned_changed',
  'repeats_failed_plan',
  'rejected',
  'no_answer',
] as const

/** What never keeps a plan from being carried out. */
export type PlanWarningCode = (typeof planWarningCodes)[number]
export const planWarningCodes = [
  'many_roots',
  'god_task',
  'implicit_dependency',
  'no_critical_path',
  'unbounded_fan_out',
  'idle_field',
] as const
