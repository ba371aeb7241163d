/** `agent({...})` and `tool({...})`: definitions, checked when they are made. */

import { builtinNames } from '../core/builtin-names.ts'
import {
  type Budget,
  defaultBudget,
  defaultLimits,
  isPointer,
  isSecretName,
  type JsonObject,
  type ModelTerms,
  type StopReason,
  tokensOf,
} from '../core/index.ts'
import {
  type AnyTool,
  describeSchema,
  type Model,
  PawlError,
  type Policy,
  type Tool,
  type ToolDefinition,
  type ToolSpec,
} from '../ports/index.ts'
import { type AgentOptions, agentFields } from './agent-options.ts'
import { problemOfMemory } from './check-memory.ts'
import { problemOfLabels } from './define-labels.ts'
import { defineMemory, type Memory } from './define-memory.ts'
import { otherRoles, partsOfPlans } from './define-plan-parts.ts'
import { type AgentParts, type Planning, type Role, sensitiveOf } from './define-planning.ts'
import { canonicalJson, hashOf, sha256 } from './hash.ts'
import { placed, problemOfMade, problemOfPlace } from './isolated/define-isolated.ts'
import { unknownField } from './known-fields.ts'

export type { AgentOptions } from './agent-options.ts'

/** A definition that cannot work. The message shows what to write instead. */
export class DefinitionError extends PawlError {
  constructor(message: string) {
    super('definition', message)
  }
}

/** A checked definition, ready to be driven. */
export type Agent = {
  readonly name: string
  readonly instructions: string
  readonly model: Model
  readonly tools: ReadonlyMap<string, AnyTool>
  readonly toolSpecs: readonly ToolSpec[]
  readonly policies: readonly Policy[]
  readonly policyHash: string
  readonly budget: Budget
  readonly closing: Readonly<Partial<Record<StopReason, string>>>
  readonly temperature: number | undefined
  readonly settings: JsonObject | undefined
  readonly terms: ModelTerms
  /** Of its planner, its router and its specialists, by name. */
  readonly otherTerms: ReadonlyMap<string, ModelTerms>
  /** What is stored under `terms.definitionHash`: instructions, tool schemas, model settings. */
  readonly definition: string
  /** Null: it makes no plans. */
  readonly planning: Planning | null
  readonly memory: Memory
  readonly specialists: ReadonlyMap<string, Role>
}

/**
 * Defines a tool; the input type of `run` follows from the schema. Of an isolated tool, `run` starts the module beside the caller,
 * with the default limit of memory and with none of time.
 * @throws DefinitionError if the name is not a word, the schema cannot be described to a model, or it is not said what runs.
 */
export function tool<Input, Output>(definition: ToolDefinition<Input, Output>): Tool<Input, Output> {
  if (
    !/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(definition.name) ||
    ['constructor', 'prototype'].includes(definition.name)
  ) {
    throw new DefinitionError(
      `a tool's name is 1 to 64 letters, digits, "_" and "-", beginning with a letter; found "${definition.name}"`,
    )
  }
  const { type } = describeSchema(definition.input)
  if (type !== 'object')
    throw new DefinitionError(
      `${definition.name}: models call tools with an object; its input schema describes ${JSON.stringify(type)}`,
    )
  const misplaced = problemOfPlace(definition) ?? problemOfTerms(definition)
  if (misplaced !== null) throw new DefinitionError(`${definition.name}: ${misplaced}`)
  if (definition.verify !== undefined && definition.effect !== 'unsafe') {
    throw new DefinitionError(
      `${definition.name} has verify, which only an unsafe tool needs: a ${definition.effect} one is repeated under its key`,
    )
  }
  return placed(definition)
}

/**
 * Defines an agent.
 * @throws DefinitionError if two tools share a name, a tool that writes is named by no policy, or a cost cap has no price.
 */
export function agent(options: AgentOptions): Agent {
  const { name, instructions, model, closing = {}, policies = [] } = options
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    throw new DefinitionError(`an agent's name is 1 to 64 lower-case letters, digits and "-"; found "${name}"`)
  const unknown = unknownField(options, agentFields)
  if (unknown !== null) throw new DefinitionError(`agent ${name}: ${unknown}`)
  const tools = toolsByName(name, options.tools ?? [])
  refuseUngoverned(name, [...tools.values()], policies)
  const budget: Budget = { ...defaultBudget, ...options.budget }
  const price = options.price ?? model.price
  if (budget.maxCostMicroUsd !== null && price === null) throw unknownPrice(name, model.id)
  const all = [...tools.values()]
  const parts = partsOf(options, { toolSpecs: all.map(specOf), sensitive: pointersOf(all), price })
  const memory = memoryOf(options, parts)
  const planParts = partsOfPlans(parts, { ...options, memory })
  if (planParts.type === 'problem') throw new DefinitionError(`agent ${name}: ${planParts.problem}`)
  const { planning, specialists, roles } = planParts
  const { toolSpecs, sensitive, maxOutputTokens, temperature, settings } = parts
  const definition = canonicalJson({ ...definitionOf(parts), ...sensitiveOf(sensitive, toolSpecs), ...roles })
  return {
    name,
    instructions,
    model,
    tools,
    toolSpecs,
    policies,
    policyHash: hashOf(policies.map(({ name: policyName, version }) => [policyName, version])),
    budget,
    closing,
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
    planning,
    memory,
    specialists,
    otherTerms: new Map(otherRoles({ planning, specialists, memory }).map((role) => [role.name, role.terms])),
  }
}

/** @throws DefinitionError */
function memoryOf({ name, memory, processor }: AgentOptions, parts: AgentParts): Memory {
  const toolNames = new Set(parts.toolSpecs.map((spec) => spec.name))
  const wrong = problemOfMemory(memory ?? [], processor, toolNames)
  if (wrong !== null) throw new DefinitionError(`agent ${name}: ${wrong}`)
  return defineMemory(parts, memory, processor)
}

type Tools = Pick<AgentParts, 'toolSpecs' | 'sensitive' | 'price'>

function partsOf(options: AgentOptions, { toolSpecs, sensitive, price }: Tools): AgentParts {
  const { name, model, instructions, settings, temperature } = options
  const { maxOutputTokens = defaultLimits.maxOutputTokens } = options
  return { name, model, instructions, toolSpecs, sensitive, price, maxOutputTokens, settings, temperature }
}

/** What makes it this agent: a change of any of it is another definition. */
function definitionOf(parts: AgentParts): JsonObject {
  const { name, instructions, model, toolSpecs, maxOutputTokens, temperature = null, settings = null } = parts
  return {
    name,
    instructions,
    model: model.id,
    tools: [...toolSpecs],
    settings: { maxOutputTokens, temperature, settings },
  }
}

function pointersOf(tools: readonly AnyTool[]): AgentParts['sensitive'] {
  const marked = tools.flatMap(({ name, sensitive = [] }) =>
    sensitive.length === 0 ? [] : [[name, sensitive] as const],
  )
  return Object.fromEntries(marked)
}

/** What is wrong with what a tool says of itself, whoever wrote it; null: nothing. */
function problemOfTerms(terms: AnyTerms): string | null {
  return problemOfLabels(terms) ?? problemOfNames(terms)
}

type AnyTerms = Parameters<typeof problemOfLabels>[0] & Parameters<typeof problemOfNames>[0]

/** Null where the names of its secrets and its pointers can be ones. */
function problemOfNames({ secrets = [], sensitive = [] }: Pick<AnyTool, 'secrets' | 'sensitive'>): string | null {
  const name = secrets.find((each) => !isSecretName(each))
  if (name !== undefined)
    return `secrets lists names of letters, digits, "_", "." and "-", ending with none of the last two; found ${JSON.stringify(name)}`
  const pointer = sensitive.find((each) => !isPointer(each))
  return pointer === undefined
    ? null
    : `sensitive lists JSON Pointers such as "/card/number"; found ${JSON.stringify(pointer)}`
}

function toolsByName(agentName: string, tools: readonly AnyTool[]): ReadonlyMap<string, AnyTool> {
  const byName = new Map<string, AnyTool>()
  for (const each of tools) {
    if (builtinNames.includes(each.name))
      throw new DefinitionError(`agent ${agentName}: a tool named ${each.name} comes with the runtime; rename yours`)
    if (byName.has(each.name))
      throw new DefinitionError(`agent ${agentName} has two tools named ${each.name}; rename one`)
    const misplaced = problemOfMade(each) ?? problemOfTerms(each)
    if (misplaced !== null) throw new DefinitionError(`agent ${agentName}: ${each.name}: ${misplaced}`)
    byName.set(each.name, each)
  }
  return byName
}

/** A tool that writes must be spoken of by a policy: leaving it open is a decision, and is written down as one. */
function refuseUngoverned(agentName: string, tools: readonly AnyTool[], policies: readonly Policy[]): void {
  const named = new Set(policies.flatMap(singly).flatMap((policy) => (policy.tools === '*' ? [] : policy.tools)))
  const ungoverned = tools.filter((each) => each.effect !== 'read' && !named.has(each.name))
  const [first] = ungoverned
  if (first === undefined) return
  throw new DefinitionError(
    `agent ${agentName}: no policy names ${ungoverned.map((each) => each.name).join(', ')}, which ${ungoverned.length === 1 ? 'writes' : 'write'}. ` +
      `Add a policy for it, such as threshold({ tool: '${first.name}', … }), or say that it is open: policies: [open('${first.name}')]`,
  )
}

/** A combination governs what its parts name. */
function singly(policy: Policy): readonly Policy[] {
  return policy.policies === undefined ? [policy] : policy.policies.flatMap(singly)
}

function unknownPrice(agentName: string, modelId: string): DefinitionError {
  return new DefinitionError(
    `agent ${agentName} has maxCostMicroUsd, but the price of ${modelId} is not known, so the cap could not hold. ` +
      'Give one: price: { inputMicroUsdPerMTok: 2_500_000, outputMicroUsdPerMTok: 10_000_000 }',
  )
}

function specOf(each: AnyTool): ToolSpec {
  return { name: each.name, description: each.description, inputSchema: describeSchema(each.input) }
}
