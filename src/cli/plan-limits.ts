/** What plans are held to on the command line: the defaults of the design, where no session says otherwise. */
import type { PlanLimits } from '../core/index.ts'

export const planLimits: PlanLimits = { maxTasks: 10_000, maxSteps: 50, maxDepth: 4, eventsLeft: null }
