/** What plans are held to on the command line: the limits of the configuration, and the events that a session of the agent may have. */
import { defaultLimits, type Limits, type PlanLimits } from '../core/index.ts'
import type { Agent } from '../index.ts'

/** `configured`: what differs from the defaults. Without an agent nobody knows how many events there are. */
export function planLimitsOf(configured: Partial<Limits>, agent: Pick<Agent, 'budget'> | null): PlanLimits {
  const { maxPlanTasks, maxPlanSteps, maxTaskDepth } = { ...defaultLimits, ...configured }
  const eventsLeft = agent?.budget.maxEvents ?? null
  return { maxTasks: maxPlanTasks, maxSteps: maxPlanSteps, maxDepth: maxTaskDepth, eventsLeft }
}
