/** What an agent's planner is told that it can plan with. */
import { defaultLimits, type PlannerMeans, type State } from '../core/index.ts'
import { describeSchema } from '../ports/index.ts'
import type { Agent } from './define.ts'

export function plannerMeans({ tools, specialists }: Agent, { planning }: State): Omit<PlannerMeans, 'mode'> {
  const { maxPlanTasks: maxTasks, maxPlanSteps: maxSteps } = defaultLimits
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
      maxDepth: planning?.maxDepth ?? defaultLimits.maxTaskDepth,
      maxParallelTasks: planning?.maxParallelTasks ?? defaultLimits.maxParallelTasks,
      maxFanOut: planning?.maxFanOut ?? defaultLimits.maxFanOut,
    },
  }
}
