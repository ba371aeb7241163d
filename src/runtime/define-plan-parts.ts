/** What of an agent's definition speaks of plans: how it plans, and its specialists. */
import { type Budget, controlTools, type JsonObject } from '../core/index.ts'
import { type Memory, memoryRoles } from './define-memory.ts'
import { type AgentParts, definePlanning, defineSpecialist, type Planning, type Role } from './define-planning.ts'
import { type Fields, unknownField } from './known-fields.ts'
import { type PlanningOptions, problemOfPlanning, type Specialist } from './planning-options.ts'

export type PlanParts = {
  readonly type: 'parts'
  readonly planning: Planning | null
  readonly specialists: ReadonlyMap<string, Role>
  /** Of the definition: another specialist makes it another agent. */
  readonly roles: { readonly roles?: JsonObject }
}

export type PlanPartOptions = {
  readonly planning?: PlanningOptions
  readonly specialists?: readonly Specialist[]
  readonly budget?: Partial<Budget>
  readonly memory: Memory
}

type Problem = { readonly type: 'problem'; readonly problem: string }

export function partsOfPlans(
  parts: AgentParts,
  { planning: asked, specialists = [], budget = {}, memory }: PlanPartOptions,
): PlanParts | Problem {
  // Who has specialists can give them tasks, also without plans.
  const planning = asked ?? (specialists.length > 0 ? ({ route: 'direct' } as const) : undefined)
  const refuse = (problem: string): Problem => ({ type: 'problem', problem })
  const problem = planning === undefined ? null : problemOfPlanning(planning)
  if (problem !== null) return refuse(problem)
  const known = new Set(parts.toolSpecs.map((spec) => spec.name))
  const control = controlTools.find((name) => known.has(name))
  if (control !== undefined && (planning !== undefined || specialists.length > 0))
    return refuse(`a tool named ${control} comes with plans; rename yours`)
  const byName = new Map<string, Role>()
  for (const specialist of specialists) {
    const wrong = problemOfSpecialist(specialist, known)
    if (wrong !== null) return refuse(wrong)
    if (byName.has(specialist.name)) return refuse(`two specialists are named ${specialist.name}; rename one`)
    byName.set(specialist.name, defineSpecialist(parts, specialist))
  }
  const defined = planning === undefined ? null : definePlanning(parts, planning)
  const all = otherRoles({ planning: defined, specialists: byName, memory })
  const unpriced = all.find((role) => isCapped(role, budget) && role.terms.price === null)
  if (unpriced !== undefined) return refuse(unknownPrice(unpriced))
  const hashes = Object.fromEntries(all.map((role) => [role.name, role.terms.definitionHash]))
  return { type: 'parts', planning: defined, specialists: byName, roles: all.length === 0 ? {} : { roles: hashes } }
}

/** Whether what it costs may reach a limit: the session's, or its own. */
function isCapped({ cap }: Role, { maxCostMicroUsd = null }: Partial<Budget>): boolean {
  return maxCostMicroUsd !== null || cap?.costMicroUsd !== undefined
}

function unknownPrice({ name, model: { id } }: Role): string {
  const where = reserved.includes(name) ? 'its model' : `the specialist ${name}, or its model`
  return `${name} has a cost cap, but the price of ${id} is not known, so the cap could not hold. Give ${where} a price: { inputMicroUsdPerMTok: 2_500_000, outputMicroUsdPerMTok: 10_000_000 }`
}

const specialistFields: Fields<Specialist> = {
  name: true,
  domain: true,
  instructions: true,
  model: true,
  tools: true,
  temperature: true,
  maxOutputTokens: true,
  price: true,
  settings: true,
  cap: true,
  windowTurns: true,
}

/** Roles that are no specialists. */
const reserved: readonly string[] = ['planner', 'router', 'processor', 'compressor', 'summarizer']

function problemOfSpecialist(specialist: Specialist, known: ReadonlySet<string>): string | null {
  const { name, domain, tools = [], cap = {}, windowTurns } = specialist
  const unknown = unknownField(specialist, specialistFields)
  if (unknown !== null) return `specialist ${name}: ${unknown}`
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name) || reserved.includes(name))
    return `a specialist's name is 1 to 64 lower-case letters, digits and "-", and not one of ${reserved.join(', ')}; found "${name}"`
  if (domain.trim() === '') return `specialist ${name} needs a domain: one sentence that a planner chooses it by`
  const amounts = { windowTurns, ...cap }
  for (const [what, amount] of Object.entries(amounts))
    if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 1))
      return `specialist ${name}: ${what} is a whole number from 1; found ${String(amount)}`
  const missing = tools.find((tool) => !known.has(tool))
  return missing === undefined
    ? null
    : `specialist ${name} names the tool ${missing}, which the agent does not have; a specialist never has more than its agent`
}

/** Everybody whose prompt a request of the agent may carry, beside its own. */
export function otherRoles({ planning, specialists, memory }: Asked): readonly Role[] {
  const planners = [planning?.planner, planning?.router].filter((role) => role != null)
  return [...specialists.values(), ...planners, ...memoryRoles(memory)]
}

type Asked = Pick<PlanParts, 'planning' | 'specialists'> & { readonly memory: Memory }
