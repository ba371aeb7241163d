/** What a new version may not change: tasks that have ended well, run, or wait for people. */

import { isPinned } from './adopt.ts'
import type { PlanTask, ProposedPlan } from './plan.ts'
import type { PlanCause } from './plan-events.ts'
import type { PlanState } from './plan-state.ts'

export function pinnedTasks(plan: PlanState): ReadonlyMap<string, PlanTask> {
  const pinned = [...plan.nodes.values()].filter((node) => node.element === null && isPinned(plan, node))
  return new Map(pinned.map(({ task }) => [task.id, task]))
}

/**
 * A planner answers with what is left. What stands already is put in front of it, as it is; where it repeats such a task with another
 * content, validation says so. A task that is taken apart leaves all others as they are.
 */
export function withPinned(plan: PlanState, proposed: ProposedPlan, cause: PlanCause): ProposedPlan {
  const named = new Set(proposed.tasks.map(({ id }) => id))
  const kept = cause.type === 'decompose' ? otherTasks(plan, cause.taskId) : standing(plan)
  return { ...proposed, tasks: [...kept.filter(({ id }) => !named.has(id)), ...proposed.tasks] }
}

/** With the parents of what stands, also where these have failed: whoever plans what is left need not name them. */
function standing(plan: PlanState): readonly PlanTask[] {
  const ids = new Set<string>()
  for (const task of pinnedTasks(plan).values()) {
    let each: PlanTask | undefined = task
    while (each !== undefined && !ids.has(each.id)) {
      ids.add(each.id)
      each = plan.nodes.get(each.parent ?? '')?.task
    }
  }
  return [...plan.nodes.values()].flatMap(({ task }) => (ids.has(task.id) ? [task] : []))
}

function otherTasks({ nodes }: PlanState, taskId: string): readonly PlanTask[] {
  return [...nodes.values()]
    .filter(({ task, element }) => element === null && task.id !== taskId)
    .map(({ task }) => task)
}
