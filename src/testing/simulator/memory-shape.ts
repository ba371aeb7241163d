/** What memory is like in a world whose sessions have more to remember than fits: drawn from a stream of its own, so that all other worlds stay as they are. */
import { type Chance, chanceOf } from './chance.ts'
import { seedOf } from './seed-of.ts'

export type MemoryShape = {
  /** Bytes over which an output becomes an artifact. */
  readonly maxInlineBytes: number
  readonly maxPromptTokens: number
  /** Turns of a window; 0: no window. */
  readonly windowTurns: number
  /** Tokens over which turns are summarized; 0: never. */
  readonly whenTokens: number
  readonly keepTurns: number
  /** Passages that are looked up; 0: none. */
  readonly retrieves: number
  readonly maxFacts: number
  readonly pinAt: number
  /** Whose model makes turns and facts shorter; without one they are dropped. */
  readonly hasSummarizer: boolean
  readonly hasCompressor: boolean
  readonly processor: 'function' | 'model' | 'none'
  /** It looks at the results of all tools. */
  readonly processesAll: boolean
  /** How often a decision reads much, or reads on in what it was shown the beginning of. */
  readonly digs: number
  /** How often memory's own models and functions answer with something that is none. */
  readonly flawed: number
  /** How often a patch has a plan. */
  readonly replaces: number
  /** How often a session loses the content of an artifact, as by a damaged file. */
  readonly losses: number
  /** After which ended sessions are erased; 0: never. */
  readonly retainEndedMs: number
  readonly orphanArtifactMs: number
  readonly sweepEveryMs: number
}

/** Stands in all that a processor is to keep from the model. */
export const RAW = 'raw:'
/** Those whose outputs are large. */
export const largeTools = ['dig', 'tome'] as const

/** One world in so many has much to remember; of those that plan more. */
const REMEMBERING = 0.06
const REMEMBERING_PLANS = 0.4

/** Null: what fits in every prompt, and nobody looks at results. */
export function drawMemory(seed: number, plans: boolean): MemoryShape | null {
  const chance = chanceOf(Math.imul(seed, 0xc2b2ae35) ^ 0x3e3079)
  return chance.happens(plans ? REMEMBERING_PLANS : REMEMBERING) ? drawnMemory(chance) : null
}

/** Of a world that has to remember: its own, or what the rest of its shape makes of it. */
export function memoryOf({ memory, ...others }: { readonly memory: MemoryShape | null }): MemoryShape {
  return memory ?? drawnMemory(chanceOf(seedOf(others)))
}

function drawnMemory(chance: Chance): MemoryShape {
  const isSummarized = chance.happens(0.6)
  return {
    maxInlineBytes: 1_024,
    maxPromptTokens: 4_000 + 500 * chance.below(8),
    windowTurns: chance.happens(0.4) ? 1 + chance.below(4) : 0,
    whenTokens: isSummarized ? 1_500 + 250 * chance.below(6) : 0,
    keepTurns: 1 + chance.below(3),
    retrieves: chance.happens(0.4) ? 1 + chance.below(3) : 0,
    maxFacts: 2 + chance.below(5),
    pinAt: chance.pick([60, 90, 100] as const),
    hasSummarizer: chance.happens(0.7),
    hasCompressor: chance.happens(0.7),
    processor: chance.pick(['function', 'function', 'model', 'none'] as const),
    processesAll: chance.happens(0.5),
    digs: 0.3 + 0.4 * chance.random(),
    flawed: chance.happens(0.6) ? 0.3 * chance.random() : 0,
    replaces: chance.happens(0.5) ? 0.3 : 0,
    losses: chance.happens(0.4) ? 3 : 0,
    retainEndedMs: chance.happens(0.15) ? 2_000 : 0,
    orphanArtifactMs: 2_000,
    sweepEveryMs: 1_000,
  }
}
