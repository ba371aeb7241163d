/** What is wrong with `memory` and `processor` of an agent. */

import { artifactNames } from '../core/builtin-names.ts'
import { type Fields, unknownField } from './known-fields.ts'
import type { MemoryStrategy, Processor } from './memory-options.ts'

/** Null where everything can work. Also of what no compiler has looked at. */
export function problemOfMemory(
  strategies: readonly MemoryStrategy[],
  processor: Processor | undefined,
  toolNames: ReadonlySet<string>,
): string | null {
  if (!Array.isArray(strategies)) return expected(strategies)
  for (const [index, strategy] of strategies.entries()) {
    const problem = problemOfStrategy(strategy)
    if (problem !== null) return problem
    if (strategies.findIndex(({ type }) => type === strategy.type) !== index)
      return `memory has two strategies of the kind ${strategy.type}; give one`
  }
  return processor === undefined ? null : problemOfProcessor(processor, toolNames)
}

function expected(found: unknown): string {
  return `memory lists window(…), summarize(…), retrieve(…) and workingFacts(…); found ${JSON.stringify(found)}`
}

type Of<T extends MemoryStrategy['type']> = Fields<Extract<MemoryStrategy, { type: T }>>

const fields: { readonly [T in MemoryStrategy['type']]: Of<T> } = {
  window: { type: true, turns: true, maxPromptTokens: true },
  summarize: { type: true, whenTokens: true, keepTurns: true, model: true },
  retrieve: { type: true, k: true },
  working_facts: { type: true, maxFacts: true, pinAt: true, compressor: true },
}

/** Whole numbers from these. */
const least: Readonly<Record<string, number>> = {
  turns: 1,
  k: 1,
  maxPromptTokens: 1_000,
  whenTokens: 100,
  keepTurns: 1,
  maxFacts: 2,
}

const MAX_PIN = 100
/** Passages that one message can bring back: they stand in one event, and in the prompt. */
const MAX_RECALLED = 50

function problemOfStrategy(strategy: MemoryStrategy): string | null {
  if (typeof strategy !== 'object' || strategy === null || !Object.hasOwn(fields, strategy.type))
    return expected(strategy)
  const { type } = strategy
  const unknown = unknownField(strategy, fields[type])
  if (unknown !== null) return `memory: ${type}: ${unknown}`
  const needed = { window: ['turns'], retrieve: ['k'], summarize: [], working_facts: [] }[type]
  const given = { ...Object.fromEntries(needed.map((name) => [name, undefined])), ...strategy }
  for (const [name, value] of Object.entries(given)) {
    const from = least[name]
    const isMissing = value === undefined && !needed.some((each) => each === name)
    if (from !== undefined && !isMissing && (!Number.isSafeInteger(value) || Number(value) < from))
      return `memory: ${name} of ${type} is a whole number from ${from}; found ${String(value)}`
  }
  if (strategy.type === 'retrieve' && strategy.k > MAX_RECALLED)
    return `memory: k of retrieve is at most ${MAX_RECALLED}; found ${strategy.k}`
  if (strategy.type === 'summarize' && !isModel(strategy.model)) return noModel('model of summarize')
  return strategy.type === 'working_facts' ? problemOfFacts(strategy) : null
}

function problemOfFacts({ pinAt = 0, compressor }: Extract<MemoryStrategy, { type: 'working_facts' }>): string | null {
  if (!Number.isSafeInteger(pinAt) || pinAt < 0 || pinAt > MAX_PIN)
    return `memory: pinAt of working_facts is a whole number from 0 to ${MAX_PIN}; found ${String(pinAt)}`
  return isModel(compressor) ? null : noModel('compressor of working_facts')
}

/** Absent: the agent's own. Null: none. */
function isModel(model: unknown): boolean {
  if (model === undefined || model === null) return true
  return typeof model === 'object' && 'generate' in model && typeof model.generate === 'function'
}

function noModel(what: string): string {
  return `memory: ${what} is a model, or null for none`
}

const functionFields: Fields<Extract<Processor, { process: unknown }>> = { tools: true, process: true }
const modelFields: Fields<Extract<Processor, { instructions: string }>> = {
  tools: true,
  model: true,
  instructions: true,
}

function problemOfProcessor(processor: Processor, toolNames: ReadonlySet<string>): string | null {
  if (typeof processor !== 'object' || processor === null) return PROCESSOR
  const isFunction = 'process' in processor && typeof processor.process === 'function'
  const hasInstructions = 'instructions' in processor && typeof processor.instructions === 'string'
  if (isFunction === hasInstructions) return PROCESSOR
  const unknown = unknownField<object>(processor, isFunction ? functionFields : modelFields)
  if (unknown !== null) return `processor: ${unknown}`
  const { tools = [] } = processor
  if (!Array.isArray(tools) || tools.some((name: unknown) => typeof name !== 'string'))
    return `processor: tools lists names of tools; found ${JSON.stringify(tools)}`
  if ('model' in processor && (processor.model === null || !isModel(processor.model)))
    return "processor: its model is no model; leave it out for the agent's own"
  const missing = tools.find((name) => !toolNames.has(name) && !artifactNames.includes(name))
  return missing === undefined ? null : `processor names the tool ${missing}, which the agent does not have`
}

const PROCESSOR = 'processor is { process } with a function, or { instructions } for a model, and not both'
