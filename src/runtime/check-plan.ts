/** A plan looked at before anybody is given it: in a test, in an editor, before a start. */
import {
  defaultLimits,
  type Limits,
  type PlanMode,
  type PlanReview,
  type ProposedPlan,
  readPlan,
  validatePlan,
} from '../core/index.ts'
import type { Agent } from './define.ts'
import { planContextOf } from './plan-context.ts'

export type CheckPlanOptions = {
  /** How it is to be carried out; `strict` by default. */
  readonly mode?: PlanMode
  /** What of the runtime's limits differs from the defaults. */
  readonly limits?: Partial<Limits>
}

/**
 * Everything that is wrong with a plan for an agent, and what its author should look at, as a start and `pawl plan check` say it:
 * structure, tools, specialists, checkers, and inputs by the tools' own schemas. Nothing runs. Never throws for a plan, whatever it is.
 */
export function checkPlan(agent: Agent, plan: unknown, { mode = 'strict', limits }: CheckPlanOptions = {}): PlanReview {
  const read = readPlan(plan)
  if (read.type === 'problems') return { problems: read.problems, warnings: [] }
  return checkBeforeStart(agent, read.plan, { mode, limits: { ...defaultLimits, ...limits } })
}

type Checking = { readonly mode: PlanMode; readonly limits: Limits }

/** As if it were the first event of a session. What is adopted is looked at again, with what stands then. */
export function checkBeforeStart(agent: Agent, plan: ProposedPlan, { mode, limits }: Checking): PlanReview {
  const { maxPlanTasks: maxTasks, maxPlanSteps: maxSteps, maxTaskDepth: maxDepth } = limits
  const planLimits = { maxTasks, maxSteps, maxDepth, eventsLeft: agent.budget.maxEvents }
  return validatePlan(plan, planContextOf(agent, { mode, limits: planLimits, inputs: limits }))
}
