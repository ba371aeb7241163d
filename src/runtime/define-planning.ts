/** How an agent plans, and to whom it gives tasks: checked when the agent is defined. */
import {
  type ControlTool,
  controlSpec,
  type JsonObject,
  type Limits,
  type ModelTerms,
  type PlanningTerms,
  type Price,
  recoveryTable,
  type TaskCap,
  tokensOf,
} from '../core/index.ts'
import type { Model, ToolSpec } from '../ports/index.ts'
import { canonicalJson, sha256 } from './hash.ts'
import type { Checker, PlanningOptions, Specialist } from './planning-options.ts'

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

export function definePlanning(parts: AgentParts, options: PlanningOptions): Planning {
  const { planner = parts.model, router = parts.model, checkers = {} } = options
  return {
    options,
    planner: planner === null ? null : ownRole(parts, 'planner', { model: planner }),
    router: router === null ? null : ownRole(parts, 'router', { model: router }),
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

/** Who is asked for what is no turn of a task. */
export type RoleName = 'planner' | 'router' | 'processor' | 'compressor' | 'summarizer'

type Own = { readonly model: Model; readonly instructions?: string }

/** Ours are rendered for each request, `instructions` are the agent's own among them. A planner is shown all tools, in words; what it plans may be the first call of one. */
export function ownRole(parts: AgentParts, name: RoleName, { model, instructions = '' }: Own): Role {
  const shown = name === 'planner' ? parts.toolSpecs : []
  return roleOf(parts, { name, domain: '', instructions, model, temperature: 0 }, shown)
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
