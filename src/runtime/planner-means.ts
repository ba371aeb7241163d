/** What an agent's planner is told that it can plan with. */
import type { Limits, PlannerMeans, State } from '../core/index.ts'
import { describeSchema } from '../ports/index.ts'
import type { Agent } from './define.ts'

export function plannerMeans(
  { tools, specialists }: Agent,
  { planning }: State,
  limits: Limits,
): Omit<PlannerMeans, 'mode'> {
  const { maxPlanTasks: maxTasks, maxPlanSteps: maxSteps } = limits
  return {
    specialists: [...specialists.values()].map(({ name, domain, tools: own }) => ({ name, domain, tools: [...own] })),
    tools: [...tools.values()].map(({ name, effect, description, input }) => ({
      name,
      effect,
      description,
      inputSchema: describeSchema(input),
    })),
    limits: {
      maxTasks,
      maxSteps,
      maxDepth: planning?.maxDepth ?? limits.maxTaskDepth,
      maxParallelTasks: planning?.maxParallelTasks ?? limits.maxParallelTasks,
      maxFanOut: planning?.maxFanOut ?? limits.maxFanOut,
    },
  }
}
