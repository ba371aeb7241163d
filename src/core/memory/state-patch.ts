/** What a processor makes of a result. It changes memory and plans, and never causes effects. */
import type { Json } from '../json.ts'
import type { ProposedPlan } from '../plan/plan.ts'
import type { FactKind } from './fact.ts'

export type PatchFact = {
  readonly key: string
  readonly value: Json
  /** `fact` by default. */
  readonly kind?: FactKind
  /** 0 to 100; 50 by default, 90 for decisions and constraints. */
  readonly priority?: number
  /** 0 to 1; 1 by default. The same key replaces, unless with a lower one. */
  readonly confidence?: number
}

export type StatePatch = {
  readonly append_known_facts?: readonly PatchFact[]
  /** In place of what is left of the plan: completed, running and held tasks stand in it unchanged. Counts as a replan. */
  readonly replace_plan?: ProposedPlan
  readonly open_questions?: readonly string[]
  readonly answer_questions?: readonly { readonly questionId: string; readonly answer: string }[]
}
