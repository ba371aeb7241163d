/** What plans are held to where no agent is known: the limits of the configuration. */
import { defaultLimits, type Limits, type PlanLimits } from '../core/index.ts'

/** `configured`: what differs from the defaults. Without an agent nobody knows how many events there are. */
export function planLimitsOf(configured: Partial<Limits>): PlanLimits {
  const { maxPlanTasks, maxPlanSteps, maxTaskDepth } = { ...defaultLimits, ...configured }
  return { maxTasks: maxPlanTasks, maxSteps: maxPlanSteps, maxDepth: maxTaskDepth, eventsLeft: null }
}
