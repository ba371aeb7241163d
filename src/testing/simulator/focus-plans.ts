import type { Focus } from './focus.ts'
import { type PlansShape, plansOf } from './plans-shape.ts'

/** Every world plans, with room to do it, and as is said here. */
export function planning(plans: Partial<PlansShape>): Focus {
  return (drawn) => ({
    ...drawn,
    budget: { ...drawn.budget, maxTokens: null, maxCostMicroUsd: null, maxCalls: null, maxEvents: 50_000 },
    people: { ...drawn.people, cancel: 0, attend: true },
    plans: { ...plansOf(drawn), ...plans },
  })
}
