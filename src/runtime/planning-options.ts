/** What `planning` and `specialists` of an agent are, and what is wrong with the first. */
import {
  type Json,
  type JsonObject,
  onPartialRules,
  type Price,
  planReviewRules,
  problemOfRecovery,
  problemOfRouteRules,
  type RecoveryTable,
  type Route,
  type RouteRules,
  routes,
  type TaskCap,
} from '../core/index.ts'
import type { Model } from '../ports/index.ts'
import { type Fields, unknownField } from './known-fields.ts'

/** A part of the work has somebody for it: another prompt, perhaps another model, and some of the agent's tools. */
export type Specialist = {
  /** Lower-case words with dashes. */
  readonly name: string
  /** One sentence on what it is for; a planner chooses by it. */
  readonly domain: string
  readonly instructions: string
  /** The agent's own by default. */
  readonly model?: Model
  /** Names of tools that the agent has; none by default. */
  readonly tools?: readonly string[]
  readonly temperature?: number
  readonly maxOutputTokens?: number
  readonly price?: Price
  readonly settings?: JsonObject
  /** What a task of its may use at most, where the task says nothing else. */
  readonly cap?: TaskCap
  /** Turns that its prompts show; as many as the session's by default. */
  readonly windowTurns?: number
}

/** Says whether what a task came to is a result. Null: it is; else what is wrong with it. */
export type Checker = (result: Json) => string | null | Promise<string | null>

export type PlanningOptions = {
  /** How work is gone about. `auto` (the default) chooses for every message: by rules, by a model, by keywords. */
  readonly route?: Route | 'auto'
  /** In place of the rules of the first and third level. */
  readonly rules?: RouteRules
  /** Asked for a plan; the agent's model by default. Null: plans are only given. */
  readonly planner?: Model | null
  /** Asked for the route; the agent's model by default. Null: rules and keywords decide. */
  readonly router?: Model | null
  readonly maxParallelTasks?: number
  readonly taskTimeoutMs?: number
  readonly maxFanOut?: number
  readonly replanThreshold?: number
  readonly maxReplans?: number
  readonly maxPlanAttempts?: number
  /** Whether a plan waits for a person before anything of it runs; `never` by default. */
  readonly planReview?: (typeof planReviewRules)[number]
  /** What becomes of a plan that cannot be finished; `answer` by default. */
  readonly onPartial?: (typeof onPartialRules)[number]
  /** Rows of the recovery table in place of the defaults. */
  readonly recovery?: Partial<RecoveryTable>
  /** By name, for `accept: { checker }` of tasks. */
  readonly checkers?: Readonly<Record<string, Checker>>
}

/** Null where everything can work. */
export function problemOfPlanning(options: PlanningOptions): string | null {
  const unknown = unknownField(options, planningFields)
  if (unknown !== null) return `planning: ${unknown}`
  const { rules, recovery = {}, checkers = {}, ...planning } = options
  const unfit = Object.entries(checkers).find(([, checker]) => typeof checker !== 'function')
  if (unfit !== undefined) return `planning.checkers.${unfit[0]} is a function; found ${typeof unfit[1]}`
  const { route = 'auto', planReview = 'never', onPartial = 'answer' } = planning
  if (route !== 'auto' && !routes.includes(route))
    return `planning.route is auto or ${routes.join(', ')}; found ${String(route)}`
  if (!planReviewRules.includes(planReview))
    return `planning.planReview is ${planReviewRules.join(', ')}; found ${String(planReview)}`
  if (!onPartialRules.includes(onPartial))
    return `planning.onPartial is ${onPartialRules.join(', ')}; found ${String(onPartial)}`
  for (const name of wholeNumbers) {
    const value = planning[name]
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
      return `planning.${name} is a whole number from 1; found ${String(value)}`
  }
  if (route === 'plan_and_subagent' && planning.planner === null)
    return 'planning.route is plan_and_subagent, and planning.planner is null: nobody could be asked for a plan'
  return problemOfRecovery(recovery) ?? (rules === undefined ? null : problemOfRouteRules(rules))
}

export const planningFields: Fields<PlanningOptions> = {
  route: true,
  rules: true,
  planner: true,
  router: true,
  maxParallelTasks: true,
  taskTimeoutMs: true,
  maxFanOut: true,
  replanThreshold: true,
  maxReplans: true,
  maxPlanAttempts: true,
  planReview: true,
  onPartial: true,
  recovery: true,
  checkers: true,
}

const wholeNumbers = [
  'maxParallelTasks',
  'taskTimeoutMs',
  'maxFanOut',
  'replanThreshold',
  'maxReplans',
  'maxPlanAttempts',
] as const
