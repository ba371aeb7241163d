/** Slots of `maxParallelTasks`: who holds one, and who has to wait for one again. */
import { hasUnknown, type State, type TaskState } from '../state.ts'

/**
 * A task all of whose open calls wait for people does not keep others from starting. One that has just come to its end holds its slot
 * until that stands in the log: what waits for it may have a longer way to go than what is ready already.
 */
export function holdsSlot(state: State, task: TaskState): boolean {
  if (task.underWay > 0) return true
  if (task.phase === 'calls') return task.open.some((callId) => state.calls.get(callId)?.status !== 'held')
  return !hasUnknown(state, task)
}

/** Tasks of the plan that people have let go on at once, past the limit: they wait until others have ended. */
export function withoutSlot(state: State, tasks: readonly TaskState[]): ReadonlySet<TaskState> {
  const { plan, planning } = state
  if (plan === null || planning === null || plan.mode === 'flexible') return none
  if (plan.running.size <= planning.maxParallelTasks) return none
  const holders = tasks.filter((task) => plan.running.has(task.taskId) && holdsSlot(state, task))
  const room = Math.max(0, planning.maxParallelTasks - holders.filter((task) => hasBegun(state, task)).length)
  return new Set(holders.filter((task) => !hasBegun(state, task)).slice(room))
}

const none: ReadonlySet<TaskState> = new Set()

/** It is at work, or others may wait for what it is at: it goes on. */
function hasBegun({ calls, index }: State, { phase, underWay, open }: TaskState): boolean {
  if (underWay > 0 || phase === 'answered') return true
  return open.some((callId) => (calls.get(callId)?.attempt ?? 0) > 0 || index.active.has(`d-${callId}`))
}
