/** Which format an event needs of whoever reads it. */
import type { PawlEvent } from './event.ts'
import type { PlanEventTable } from './plan/plan-events.ts'
import { ROOT_TASK } from './state.ts'

/** A log without plans can be read by code that knows none. */
export function formatOf(event: PawlEvent): number {
  switch (event.type) {
    case 'session_started':
      return event.planning === undefined ? 1 : 2
    case 'model_started':
      return event.purpose === 'decide' && event.taskId === ROOT_TASK ? 1 : 2
    case 'session_ended':
      return event.partial === undefined ? 1 : 2
    case 'approval_requested':
      return event.subject === undefined ? 1 : 2
    case 'call_judged':
      return event.judgement.type === 'control' ? 2 : 1
    default:
      return Object.hasOwn(planKinds, event.type) ? 2 : 1
  }
}

const planKinds: { readonly [K in keyof PlanEventTable]: true } = {
  route_chosen: true,
  plan_proposed: true,
  plan_tasks_listed: true,
  plan_rejected: true,
  plan_adopted: true,
  plan_step_moved: true,
  task_started: true,
  task_finished: true,
  recovery_chosen: true,
}
