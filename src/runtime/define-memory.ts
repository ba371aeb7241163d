/** How an agent remembers: what control flow needs to know of it, and whose models are asked. */
import type { Limits, MemoryTerms } from '../core/index.ts'
import { type AgentParts, ownRole, type Role } from './define-planning.ts'
import type { MemoryStrategy, Processor } from './memory-options.ts'

export type Memory = {
  readonly window: Extract<MemoryStrategy, { type: 'window' }> | undefined
  readonly summarize: Extract<MemoryStrategy, { type: 'summarize' }> | undefined
  readonly retrieve: Extract<MemoryStrategy, { type: 'retrieve' }> | undefined
  readonly facts: Extract<MemoryStrategy, { type: 'working_facts' }> | undefined
  readonly processor: Processor | undefined
  /** Null: nobody is asked. */
  readonly summarizer: Role | null
  readonly compressor: Role | null
  readonly processorRole: Role | null
}

/** Where an agent says nothing of its history, it is a window with a summary. */
export function defineMemory(
  parts: AgentParts,
  strategies: readonly MemoryStrategy[] | undefined,
  processor: Processor | undefined,
): Memory {
  const all = strategies ?? [{ type: 'summarize' } as const]
  const summarize = all.find((each) => each.type === 'summarize')
  const facts = all.find((each) => each.type === 'working_facts')
  const { model: summaryModel = parts.model } = summarize ?? { model: null }
  const { compressor = parts.model } = facts ?? {}
  return {
    window: all.find((each) => each.type === 'window'),
    summarize,
    retrieve: all.find((each) => each.type === 'retrieve'),
    facts,
    processor,
    summarizer: summaryModel === null ? null : ownRole(parts, 'summarizer', { model: summaryModel }),
    compressor:
      processor === undefined || compressor === null ? null : ownRole(parts, 'compressor', { model: compressor }),
    processorRole:
      processor !== undefined && 'instructions' in processor
        ? ownRole(parts, 'processor', { model: processor.model ?? parts.model, instructions: processor.instructions })
        : null,
  }
}

/** For a session that starts now: the agent's own words, else this runtime's limits. */
export function memoryTerms(memory: Memory, limits: Limits): MemoryTerms {
  const { window, summarize, retrieve, facts, processor, summarizer, compressor } = memory
  return {
    windowTurns: window?.turns ?? limits.windowTurns,
    maxPromptTokens: window?.maxPromptTokens ?? limits.maxPromptTokens,
    ...(summarize !== undefined && {
      summarize: {
        whenTokens: summarize.whenTokens ?? limits.summarizeWhenTokens,
        keepTurns: summarize.keepTurns ?? limits.keepTurns,
        hasModel: summarizer !== null,
      },
    }),
    ...(retrieve !== undefined && { retrieve: { k: retrieve.k } }),
    facts: {
      maxFacts: facts?.maxFacts ?? limits.maxFacts,
      pinAt: facts?.pinAt ?? limits.pinAt,
      maxFactCharacters: limits.maxFactCharacters,
      maxQuestions: limits.maxQuestions,
      hasCompressor: compressor !== null,
    },
    ...(processor !== undefined && {
      processor: {
        by: 'process' in processor ? 'function' : 'model',
        ...(processor.tools !== undefined && { tools: processor.tools }),
      },
    }),
  }
}

export function memoryRoles({ summarizer, compressor, processorRole }: Memory): readonly Role[] {
  return [summarizer, compressor, processorRole].filter((role) => role !== null)
}
