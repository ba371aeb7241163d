/** How long a task was worked on: only the time in which a request or a call of it is under way counts against its timeout. */
import type { Draft } from './draft.ts'
import type { TaskState } from './state.ts'

/** The root has the session's wall clock. */
function isTimed(task: TaskState | undefined): task is TaskState {
  return task !== undefined && task.timeoutMs !== null
}

export function beginWork(draft: Draft, task: TaskState | undefined, at: number): void {
  if (!isTimed(task)) return
  if (task.underWay === 0) draft.set(task, 'drivenSince', at)
  draft.count(task, 'underWay', 1)
}

export function endWork(draft: Draft, task: TaskState | undefined, at: number): void {
  if (!isTimed(task) || task.underWay === 0) return
  draft.count(task, 'underWay', -1)
  if (task.underWay === 0) draft.count(task, 'drivenMs', at - task.drivenSince)
}

/** What was lost was not driven since: that time was spent dead. */
export function loseWork(draft: Draft, task: TaskState | undefined): void {
  if (!isTimed(task) || task.underWay === 0) return
  draft.count(task, 'underWay', -1)
}

/** When its time is over if it goes on without a pause; null: it has as much as it wants. */
export function deadlineOf(task: TaskState, now: number): number | null {
  if (task.timeoutMs === null) return null
  const since = task.underWay > 0 ? task.drivenSince : now
  return since + task.timeoutMs - task.drivenMs
}
