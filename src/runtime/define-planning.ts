/** How an agent plans, and to whom it gives tasks: checked when the agent is defined. */
import {
  type ControlTool,
  controlSpec,
  type Json,
  type JsonObject,
  type Limits,
  type ModelTerms,
  onPartialRules,
  type PlanningTerms,
  type Price,
  planReviewRules,
  problemOfRecovery,
  problemOfRouteRules,
  type RecoveryTable,
  type Route,
  type RouteRules,
  recoveryTable,
  routes,
  type TaskCap,
  tokensOf,
} from '../core/index.ts'
import type { Model, ToolSpec } from '../ports/index.ts'
import { canonicalJson, sha256 } from './hash.ts'
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

/** Whose prompt a request carries: of the agent itself, a specialist, the planner or the router. */
export type Role = {
  readonly name: string
  readonly domain: string
  readonly instructions: string
  readonly model: Model
  /** Names of the agent's tools that it may have. */
  readonly tools: ReadonlySet<string>
  readonly temperature: number | undefined
  readonly settings: JsonObject | undefined
  readonly terms: ModelTerms
  readonly definition: string
  readonly cap: TaskCap | undefined
  readonly windowTurns: number | undefined
}

export type Planning = {
  readonly options: PlanningOptions
  readonly planner: Role | null
  readonly router: Role | null
  readonly checkers: ReadonlyMap<string, Checker>
}

/** What of an agent its specialists, planner and router are made of. */
export type AgentParts = {
  readonly name: string
  readonly model: Model
  readonly instructions: string
  readonly toolSpecs: readonly ToolSpec[]
  /** What tools mark beside their schemas: JSON Pointers, by the tool's name. */
  readonly sensitive: Readonly<Record<string, readonly string[]>>
  readonly price: Price | null
  readonly maxOutputTokens: number
  readonly settings: JsonObject | undefined
  readonly temperature: number | undefined
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

export function definePlanning(parts: AgentParts, options: PlanningOptions): Planning {
  const { planner = parts.model, router = parts.model, checkers = {} } = options
  return {
    options,
    planner: planner === null ? null : ownRole(parts, 'planner', planner),
    router: router === null ? null : ownRole(parts, 'router', router),
    checkers: new Map(Object.entries(checkers)),
  }
}

type Specialists = ReadonlyMap<string, Pick<Role, 'cap' | 'windowTurns'>>

/** What control flow needs to know, for a session that starts now: the agent's own words, else this runtime's limits. */
export function planningTerms(
  { options, planner, router }: Planning,
  specialists: Specialists,
  limits: Limits,
): PlanningTerms {
  const { route = 'auto', rules, planReview = 'never', onPartial = 'answer', recovery = {} } = options
  const own = [...specialists].flatMap(([name, { cap, windowTurns }]) =>
    cap === undefined && windowTurns === undefined
      ? []
      : [[name, { ...(cap !== undefined && { cap }), ...(windowTurns !== undefined && { windowTurns }) }] as const],
  )
  return {
    route,
    ...(rules !== undefined && { rules }),
    hasPlanner: planner !== null,
    hasRouter: router !== null,
    maxParallelTasks: options.maxParallelTasks ?? limits.maxParallelTasks,
    taskTimeoutMs: options.taskTimeoutMs ?? limits.taskTimeoutMs,
    maxFanOut: options.maxFanOut ?? limits.maxFanOut,
    maxDepth: limits.maxTaskDepth,
    replanThreshold: options.replanThreshold ?? limits.replanThreshold,
    maxReplans: options.maxReplans ?? limits.maxReplans,
    maxPlanAttempts: options.maxPlanAttempts ?? limits.maxPlanAttempts,
    planReview,
    onPartial,
    recovery: recoveryTable(recovery),
    ...(own.length > 0 && { specialists: Object.fromEntries(own) }),
  }
}

/** Its instructions are rendered for each request. A planner is shown all tools, in words; what it plans may be the first call of one. */
function ownRole(parts: AgentParts, name: 'planner' | 'router', model: Model): Role {
  const shown = name === 'planner' ? parts.toolSpecs : []
  return roleOf(parts, { name, domain: '', instructions: '', model, temperature: 0 }, shown)
}

export function defineSpecialist(parts: AgentParts, specialist: Specialist): Role {
  const own = parts.toolSpecs.filter(({ name }) => specialist.tools?.includes(name))
  return roleOf(parts, specialist, [...own, ...controlSpecs(['fail_task'], [])])
}

/** `specs`: what stands in its prompts. */
function roleOf(parts: AgentParts, specialist: Specialist, specs: readonly ToolSpec[]): Role {
  const { name, domain, instructions, model = parts.model, tools = [] } = specialist
  const temperature = model.takesTemperature === false ? undefined : (specialist.temperature ?? parts.temperature)
  const settings = specialist.settings ?? (model === parts.model ? parts.settings : undefined)
  const maxOutputTokens = specialist.maxOutputTokens ?? parts.maxOutputTokens
  const definition = canonicalJson({
    name: `${parts.name}/${name}`,
    instructions,
    model: model.id,
    tools: specs,
    settings: { maxOutputTokens, temperature: temperature ?? null, settings: settings ?? null },
    ...sensitiveOf(parts.sensitive, specs),
  })
  const price = specialist.price ?? (model === parts.model ? parts.price : model.price)
  return {
    name,
    domain,
    instructions,
    model,
    tools: new Set(tools),
    temperature,
    settings,
    terms: {
      model: model.id,
      definitionHash: sha256(definition),
      staticTokens: tokensOf(definition.length),
      maxOutputTokens,
      price,
    },
    definition,
    cap: specialist.cap,
    windowTurns: specialist.windowTurns,
  }
}

/** Of a definition, for views that have only what is stored. Schemas carry their own marks. */
export function sensitiveOf(
  marks: AgentParts['sensitive'],
  specs: readonly ToolSpec[],
): { readonly sensitive?: AgentParts['sensitive'] } {
  const marked = specs.flatMap(({ name }) => (marks[name] === undefined ? [] : [[name, marks[name]] as const]))
  return marked.length === 0 ? {} : { sensitive: Object.fromEntries(marked) }
}

export function controlSpecs(names: readonly ControlTool[], specialists: readonly string[]): readonly ToolSpec[] {
  return names.map((name) => controlSpec(name, specialists))
}
