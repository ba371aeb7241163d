import type { PlanTask } from './plan.ts'

/** The child of a task with `forEach` that is for one element: the same work, without what only its parent waits for. */
export function elementTask({ forEach: _, dependsOn: __, parent: ___, ...own }: PlanTask, element: number): PlanTask {
  return { ...own, id: `${own.id}/${element}`, parent: own.id, dependsOn: [] }
}
