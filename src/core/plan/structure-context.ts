/** What a plan is looked at against where no agent is known: whatever it names exists, and takes any input. */
import type { PlanMode, ProposedPlan } from './plan.ts'
import type { PlanContext, PlanLimits, PlanTool } from './plan-context.ts'

export type StructureContextOptions = { readonly mode: PlanMode; readonly limits: PlanLimits }

/** `validatePlan` then finds what is wrong with the plan itself: its form, ids, dependencies, references and limits. */
export function structureContext(plan: ProposedPlan, { mode, limits }: StructureContextOptions): PlanContext {
  const named = plan.tasks.flatMap(({ tool, tools = [] }) => (tool === undefined ? tools : [tool, ...tools]))
  const tools = new Map(named.map((name) => [name, anyTool]))
  const each = { tools: new Set(named) }
  return {
    mode,
    limits,
    tools,
    specialists: new Map(
      plan.tasks.flatMap(({ specialist }) => (specialist === undefined ? [] : [[specialist, each]])),
    ),
    checkers: new Set(
      plan.tasks.flatMap(({ accept }) => (accept !== undefined && 'checker' in accept ? [accept.checker] : [])),
    ),
  }
}

/** Nothing is claimed that is not known: what writes might be warned of. */
const anyTool: PlanTool = { effect: 'read', checkInput: () => [] }
