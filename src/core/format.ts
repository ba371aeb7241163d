/** Which format an event needs of whoever reads it. */
import type { PawlEvent } from './event.ts'
import type { MemoryEventTable } from './memory/memory-events.ts'
import { isOfMemory } from './memory/purposes.ts'
import type { PlanEventTable } from './plan/plan-events.ts'
import { ROOT_TASK } from './state.ts'

/** A log without plans and memory can be read by code that knows none. */
export function formatOf(event: PawlEvent): number {
  switch (event.type) {
    case 'session_started':
      if (event.memory !== undefined) return 3
      return event.planning === undefined ? 1 : 2
    case 'call_finished':
    case 'call_settled':
      return event.artifact === undefined ? 1 : 3
    case 'task_started':
      return event.input === undefined && event.items === undefined ? 2 : 3
    case 'plan_proposed':
      return event.cause.type === 'patch' ? 3 : 2
    case 'model_started':
      if (isOfMemory(event.purpose)) return 3
      return event.purpose === 'decide' && event.taskId === ROOT_TASK ? 1 : 2
    case 'session_ended':
      return event.partial === undefined ? 1 : 2
    case 'approval_requested':
      return event.subject === undefined ? 1 : 2
    case 'call_judged':
      return event.judgement.type === 'control' ? 2 : 1
    default:
      if (Object.hasOwn(memoryKinds, event.type)) return 3
      return Object.hasOwn(planKinds, event.type) ? 2 : 1
  }
}

const memoryKinds: { readonly [K in keyof MemoryEventTable]: true } = {
  result_processed: true,
  fact_noted: true,
  facts_compressed: true,
  history_compacted: true,
  context_recalled: true,
  question_opened: true,
  question_answered: true,
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
