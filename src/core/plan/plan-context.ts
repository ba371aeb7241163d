/** What a plan is looked at against: the tools and specialists that exist, and the limits. */
import type { Json, JsonObject } from '../json.ts'
import type { EffectClass } from '../vocabulary.ts'
import type { PlanMode, PlanProblem, PlanTask, ProposedPlan } from './plan.ts'

/** Something wrong with an input, at a path of keys and indexes from its root. */
export type InputProblem = {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** The input has no such field, whatever stands in it: said of a field with a reference, too. */
  readonly isUnknownField?: true
}

export type PlanTool = {
  readonly effect: EffectClass
  /** All that is wrong with an input, without regard to references in it; none where that cannot be said at once. */
  checkInput(input: Json): readonly InputProblem[]
}

export type PlanSpecialist = {
  /** Names of tools: never more than its agent has. */
  readonly tools: ReadonlySet<string>
}

export type PlanLimits = {
  readonly maxTasks: number
  /** Steps of a flexible plan, which stands in every prompt. */
  readonly maxSteps: number
  /** Parent links from the root. */
  readonly maxDepth: number
  /** Events that the session may still have; null: not known. */
  readonly eventsLeft: number | null
}

export type PlanContext = {
  readonly mode: PlanMode
  readonly tools: ReadonlyMap<string, PlanTool>
  readonly specialists: ReadonlyMap<string, PlanSpecialist>
  /** Names of the agent's checkers. */
  readonly checkers: ReadonlySet<string>
  /** What keeps a schema of a result from being one; null: nothing is known to. Absent: nobody looks before there is a result. */
  readonly checkSchema?: (schema: JsonObject) => string | null
  readonly limits: PlanLimits
  /** Tasks that have to stand in this version as they were: completed, running and held ones. */
  readonly pinned?: ReadonlyMap<string, PlanTask>
  /** A task as it may be told of, without what its tool marks as sensitive. Absent: as it is. */
  readonly shownAs?: (task: PlanTask) => PlanTask
  /** The version that has failed: a planner may not propose it again word for word. */
  readonly failed?: ProposedPlan
}

/** What was found. A plan with problems is not carried out; warnings never keep it from that. */
export type PlanReview = { readonly problems: readonly PlanProblem[]; readonly warnings: readonly PlanProblem[] }
