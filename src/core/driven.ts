import type { State } from './state.ts'

/** True while a model or a tool is at work: only such time counts as driven. */
export function isDriven(state: State): boolean {
  if (state.index.started.size > 0) return true
  for (const taskId of state.index.active) if (state.tasks.get(taskId)?.phase === 'deciding') return true
  return false
}

/** The same, for what was started under this fence. */
export function isDrivenBy(state: State, fence: number): boolean {
  for (const callId of state.index.started) if (state.calls.get(callId)?.fence === fence) return true
  for (const taskId of state.index.active) {
    const task = state.tasks.get(taskId)
    if (task?.phase === 'deciding' && task.model?.fence === fence) return true
  }
  return false
}
