import type { TaskState } from '../core/index.ts'
import type { Agent } from './define.ts'

/** What a task's loop may call: what it names, else what its specialist has and only reads. Never more than whoever gave the task. */
export function toolsOfTask(agent: Agent, task: TaskState): ReadonlySet<string> {
  const role = task.specialist === null ? undefined : agent.specialists.get(task.specialist)
  const owned = role?.tools ?? new Set(agent.tools.keys())
  const wanted = task.tools ?? [...owned].filter((name) => agent.tools.get(name)?.effect === 'read')
  return new Set(wanted.filter((name) => owned.has(name) && agent.tools.has(name)))
}
