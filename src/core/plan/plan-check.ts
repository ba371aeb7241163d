/** What the checks of a plan work with. */
import type { ProposedPlan } from './plan.ts'
import type { PlanContext } from './plan-context.ts'
import type { PlanGraph } from './plan-graph.ts'
import type { ProblemList } from './problem-list.ts'

export type PlanCheck = {
  readonly plan: ProposedPlan
  readonly graph: PlanGraph
  readonly context: PlanContext
  /** Where what they find goes to. */
  readonly problems: ProblemList
}
