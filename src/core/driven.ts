import type { State } from './state.ts'

/** True while a model or a tool is at work: only such time counts as driven. */
export function isDriven(state: State): boolean {
  if (state.index.started.size > 0) return true
  for (const task of state.tasks.values()) if (task.phase === 'deciding') return true
  return false
}
