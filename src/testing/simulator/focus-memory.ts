/** Worlds that all have much to remember, with room to do it. */
import type { Focus } from './focus.ts'
import { type MemoryShape, memoryOf } from './memory-shape.ts'
import { plansOf } from './plans-shape.ts'
import type { Shape } from './shape.ts'

export function remembering(memory: Partial<MemoryShape>, changed: Partial<Shape> = {}): Focus {
  return (drawn) => ({
    ...drawn,
    ends: 0.2,
    budget: { ...drawn.budget, maxTokens: null, maxCostMicroUsd: null, maxCalls: null, maxTurns: 8, maxEvents: 50_000 },
    people: { ...drawn.people, cancel: 0, attend: true },
    ...changed,
    memory: { ...memoryOf(drawn), retainEndedMs: 0, ...memory },
  })
}

/** The same with plans. */
export function rememberingPlans(memory: Partial<MemoryShape>, plans: Partial<Shape['plans'] & object> = {}): Focus {
  return (drawn) => ({ ...remembering(memory)(drawn), plans: { ...plansOf(drawn), planReview: 'never', ...plans } })
}
