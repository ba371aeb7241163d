/** Facts and limits for tests of working memory. */
import type { Fact } from './fact.ts'
import type { FactLimits } from './memory-terms.ts'

export const factLimits: FactLimits = {
  maxFacts: 50,
  pinAt: 90,
  maxFactCharacters: 1_000,
  maxQuestions: 20,
  hasCompressor: true,
}

/** `seq` also says when. */
export function factOf(key: string, seq: number, fields: Partial<Fact> = {}): Fact {
  return {
    key,
    value: `value of ${key}`,
    kind: 'fact',
    source: { kind: 'tool', taskId: 'root', callId: 'c1' },
    priority: 50,
    confidence: 1,
    trust: 'tool',
    seq,
    at: seq * 1_000,
    ...fields,
  }
}

export function factsOf(...facts: readonly Fact[]): ReadonlyMap<string, Fact> {
  return new Map(facts.map((fact) => [fact.key, fact]))
}
