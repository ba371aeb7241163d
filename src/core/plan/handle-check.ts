/** What a task came to was looked at: a result, or none. */
import type { CommandOf } from '../command.ts'
import { accepted, type Handled, nothing } from '../handled.ts'
import type { State } from '../state.ts'

export function recordCheck(state: State, command: CommandOf<'record_check'>): Handled {
  const { taskId, attempt, problem, output } = command
  const task = state.tasks.get(taskId)
  if (task?.phase !== 'answered' || task.attempt !== attempt || !state.index.active.has(taskId)) return nothing
  if (problem !== null)
    return accepted({ type: 'task_failed', taskId, failure: 'invalid_output', message: problem, attempt })
  return accepted({ type: 'task_finished', taskId, status: 'completed', ...(output !== undefined && { output }) })
}
