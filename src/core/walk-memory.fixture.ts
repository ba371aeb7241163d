/** Memory of a walk: every third has one, each time another. */
import { text } from './log.fixture.ts'
import { memoryAnswer } from './memory/history-answers.fixture.ts'
import { factLimits } from './memory/memory.fixture.ts'
import type { MemoryTerms } from './memory/memory-terms.ts'
import { isOfMemory } from './memory/purposes.ts'
import type { AssistantPart } from './message.ts'
import type { State } from './state.ts'

const small: MemoryTerms = {
  windowTurns: 2,
  maxPromptTokens: 1_000,
  retrieve: { k: 2 },
  facts: { ...factLimits, maxFacts: 3 },
}

const kinds: readonly MemoryTerms[] = [
  { ...small, processor: { by: 'function' }, summarize: { whenTokens: 10, keepTurns: 1, hasModel: true } },
  { ...small, processor: { by: 'model' }, facts: { ...small.facts, hasCompressor: false } },
  { ...small, processor: { by: 'model' }, summarize: { whenTokens: 10, keepTurns: 1, hasModel: true } },
  { ...small, processor: { by: 'function' }, facts: { ...small.facts, hasCompressor: false } },
]

/** Undefined: this walk has none. By its number of steps, of which the parity says whether it has a plan. */
export function memoryOfWalk(steps: number): MemoryTerms | undefined {
  return steps % 3 === 0 ? kinds[Math.floor(steps / 6) % kinds.length] : undefined
}

/** Null: it is not asked for memory. */
export function memoryAnswerOf(state: State, taskId: string, how: number): readonly AssistantPart[] | null {
  const purpose = state.tasks.get(taskId)?.purpose ?? 'decide'
  if (!isOfMemory(purpose)) return null
  return [text(how % 5 === 0 ? 'none' : JSON.stringify(memoryAnswer(purpose, how, how)))]
}
