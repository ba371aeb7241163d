/** What is shown of plans and their tasks: the inputs of direct tasks without sensitive fields. */
import { type Json, type PlanEventTable, SENSITIVE_MARK } from '../core/index.ts'
import { type FieldRules, type Mask, told } from './mask-rule.ts'

export const planRules: FieldRules<keyof PlanEventTable> = {
  route_chosen: { route: 'shown', level: 'shown', reason: 'shown', confidence: 'shown' },
  plan_proposed: {
    // First: goal and notes may quote their inputs.
    tasks: (tasks, { mask }) => mask.tasks(tasks),
    version: 'shown',
    mode: 'shown',
    cause: 'shown',
    goal: told,
    notes: told,
    criticalPath: 'shown',
    taskCount: 'shown',
  },
  plan_tasks_listed: { version: 'shown', tasks: (tasks, { mask }) => mask.tasks(tasks) },
  plan_rejected: { version: 'shown', attempt: 'shown', problems: 'shown', by: 'shown' },
  plan_adopted: { version: 'shown', warnings: 'shown' },
  plan_step_moved: { taskId: 'shown', status: 'shown', callId: 'shown', result: 'shown', isRolledBack: 'shown' },
  task_started: {
    taskId: 'shown',
    attempt: 'shown',
    version: 'shown',
    callId: 'shown',
    input: (input, { event, place, mask }) => mask.inputOf(place.ofTask(event.taskId), input),
    elements: 'shown',
    items: (items, { event, place, mask }) => maskedItems(items, place.ofTask(event.taskId), mask),
    delegated: 'shown',
  },
  task_finished: { taskId: 'shown', status: 'shown', reason: 'shown', output: 'shown' },
  recovery_chosen: {
    taskId: 'shown',
    failure: 'shown',
    action: 'shown',
    reason: 'shown',
    attempt: 'shown',
    retryAt: 'shown',
    by: 'shown',
    hint: 'shown',
    input: (input, { event, place, mask }) => mask.inputOf(place.ofTask(event.taskId), input),
    approvalId: 'shown',
  },
}

/** Any part of an element may become a sensitive field of a child's input. */
function maskedItems(items: readonly Json[], tools: readonly string[], { shapes }: Mask): readonly Json[] {
  return tools.some((tool) => shapes(tool).length > 0) ? items.map(() => SENSITIVE_MARK) : items
}
