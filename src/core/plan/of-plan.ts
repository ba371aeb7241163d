import type { OpenAnswer } from '../answer.ts'
import type { PlanState } from './plan-state.ts'

/** A plan, and the answer under construction that says what it wants. */
export type OfPlan = { readonly answer: OpenAnswer; readonly plan: PlanState }
