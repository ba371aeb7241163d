import { artifactNames, builtinNames, SEARCH_TOOLS } from '../core/builtin-names.ts'
import { type Limits, mustPlan, ROOT_TASK, type State, type TaskState } from '../core/index.ts'
import type { Agent } from './define.ts'

/** What a task's loop may call of its agent's tools: what it names, else what its specialist has and only reads. Never more than whoever gave the task. */
export function toolsOfTask(agent: Agent, state: State, task: TaskState): ReadonlySet<string> {
  if (task.taskId === ROOT_TASK) return mustPlan(state) ? new Set() : allOf(agent)
  const parent = task.parent === null ? undefined : state.tasks.get(task.parent)
  const given = parent === undefined || parent.taskId === ROOT_TASK ? allOf(agent) : toolsOfTask(agent, state, parent)
  const owned = ownedBy(agent, task)
  const wanted = task.tools ?? [...owned].filter((name) => agent.tools.get(name)?.effect === 'read')
  return new Set(wanted.filter((name) => owned.has(name) && given.has(name)))
}

/** Whether a task may make a call. A direct task is its call; a specialist that has lost the tool since it was planned makes it no more. */
export function mayCall(agent: Agent, state: State, { task, tool, limits }: Calling): boolean {
  if (task.isCall) return ownedBy(agent, task).has(tool)
  const own = toolsOfTask(agent, state, task)
  return own.has(tool) || builtinsOf(state, { task, own: own.size, limits }).includes(tool)
}

type Calling = {
  readonly task: TaskState
  readonly tool: string
  readonly limits: Pick<Limits, 'maxToolsShown'>
}

/** Which tools of the runtime a loop may call, beside so many of its own: those of artifacts where it has any, the search where its list is long. */
export function builtinsOf(
  state: State,
  { task, own, limits }: Pick<Calling, 'task' | 'limits'> & { readonly own: number },
): readonly string[] {
  const { index } = state
  // Who has to plan first does nothing else, and does not read either.
  if (task.taskId === ROOT_TASK && mustPlan(state)) return []
  return builtinsBeside({ own, hasArtifacts: index.artifacts.size > 0 }, limits)
}

export function builtinsBeside(
  { own, hasArtifacts }: { readonly own: number; readonly hasArtifacts: boolean },
  { maxToolsShown }: Pick<Limits, 'maxToolsShown'>,
): readonly string[] {
  return [...(hasArtifacts ? artifactNames : []), ...(own > maxToolsShown ? [SEARCH_TOOLS] : [])]
}

/** Of the tools that a task gives away: those that it has not, or that whoever is to have them may not have. */
export function notGiven(
  agent: Agent,
  state: State,
  { task, specialist, tools }: { task: TaskState; specialist: string | null; tools: readonly string[] },
): { readonly missing: readonly string[]; readonly givable: readonly string[] } {
  const owned = ownedBy(agent, { specialist })
  const givable = [...toolsOfTask(agent, state, task)].filter((name) => owned.has(name))
  // Those that come with the runtime are there for everybody: to name them is no mistake.
  const missing = tools.filter((name) => !givable.includes(name) && !builtinNames.includes(name))
  return { missing, givable }
}

/** A specialist that is gone with a deploy has nothing, and not everything. */
function ownedBy(agent: Agent, { specialist }: Pick<TaskState, 'specialist'>): ReadonlySet<string> {
  if (specialist === null) return allOf(agent)
  return agent.specialists.get(specialist)?.tools ?? new Set()
}

function allOf({ tools }: Agent): ReadonlySet<string> {
  return new Set(tools.keys())
}
