import { mustPlan, ROOT_TASK, type State, type TaskState } from '../core/index.ts'
import type { Agent } from './define.ts'

/** What a task's loop may call of its agent's tools: what it names, else what its specialist has and only reads. Never more than whoever gave the task. */
export function toolsOfTask(agent: Agent, state: State, task: TaskState): ReadonlySet<string> {
  const all = new Set(agent.tools.keys())
  if (task.taskId === ROOT_TASK) return mustPlan(state) ? new Set() : all
  const parent = task.parent === null ? undefined : state.tasks.get(task.parent)
  const given = parent === undefined || parent.taskId === ROOT_TASK ? all : toolsOfTask(agent, state, parent)
  const owned = (task.specialist === null ? undefined : agent.specialists.get(task.specialist)?.tools) ?? all
  const wanted = task.tools ?? [...owned].filter((name) => agent.tools.get(name)?.effect === 'read')
  return new Set(wanted.filter((name) => owned.has(name) && given.has(name)))
}
