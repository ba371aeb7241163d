/** Tools that come with the runtime: offered where they are of use, judged and run like any other. */

import { SEARCH_TOOLS } from '../core/builtin-names.ts'
import type { Limits, State, TaskState } from '../core/index.ts'
import { type AnyTool, describeSchema, type ToolSpec } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { artifactTools } from './artifact-tools.ts'
import type { Agent } from './define.ts'
import { searchToolsOf } from './search-tools.ts'
import { builtinsBeside, builtinsOf, toolsOfTask } from './tools-of-task.ts'

type Bounds = Pick<Limits, 'maxInlineBytes' | 'maxSearchMatches' | 'maxToolsShown'>

/** A tool of the agent's, or one that comes with the runtime. */
export function toolNamed(activation: Activation, name: string): AnyTool | undefined {
  const { agent, driver } = activation
  return agent.tools.get(name) ?? builtin(name, driver.limits, (callId) => searchedBy(activation, callId))
}

const known = new WeakMap<object, ReadonlyMap<string, AnyTool>>()

function builtin(name: string, limits: Bounds, searched: (callId: string) => readonly ToolSpec[]): AnyTool | undefined {
  if (name === SEARCH_TOOLS) return searchToolsOf(searched, limits)
  const tools = known.get(limits) ?? new Map(artifactTools(limits).map((each) => [each.name, each]))
  known.set(limits, tools)
  return tools.get(name)
}

/** What the task of a call may search: all that it may call. */
function searchedBy(activation: Activation, callId: string): readonly ToolSpec[] {
  const { agent } = activation
  const state = stateOf(activation)
  const task = state.tasks.get(state.calls.get(callId)?.taskId ?? '')
  const names = task === undefined ? new Set<string>() : toolsOfTask(agent, state, task)
  return agent.toolSpecs.filter((spec) => names.has(spec.name))
}

type OfTask = { readonly task: TaskState; readonly limits: Bounds }

/** The tools of a loop as its model is shown them: not more than `maxToolsShown`; what is not shown is found by `search_tools`. */
export function shownTools(agent: Agent, state: State, { task, limits }: OfTask): readonly ToolSpec[] {
  const names = toolsOfTask(agent, state, task)
  const own = agent.toolSpecs.filter((spec) => names.has(spec.name))
  const builtins = builtinsOf(state, { task, own: own.length, limits }).flatMap((name) =>
    specOf(builtin(name, limits, () => [])),
  )
  return [...shownOf(own, task, limits), ...builtins]
}

/** Those that were found for it, the newest first, and the first of the others: who defines an agent puts them in their order. */
function shownOf(own: readonly ToolSpec[], { found }: TaskState, { maxToolsShown }: Bounds): readonly ToolSpec[] {
  if (own.length <= maxToolsShown) return own
  const names = new Set(own.map(({ name }) => name))
  const wanted = new Set(found.filter((name) => names.has(name)).slice(-maxToolsShown))
  const others = own.filter(({ name }) => !wanted.has(name)).slice(0, Math.max(0, maxToolsShown - wanted.size))
  const shown = new Set([...wanted, ...others.map(({ name }) => name)])
  return own.filter(({ name }) => shown.has(name))
}

/** Of those that a loop has beside so many of its own. */
export function builtinSpecs(beside: Parameters<typeof builtinsBeside>[0], limits: Bounds): readonly ToolSpec[] {
  return builtinsBeside(beside, limits).flatMap((name) => specOf(builtin(name, limits, () => [])))
}

function specOf(each: AnyTool | undefined): readonly ToolSpec[] {
  if (each === undefined) return []
  return [{ name: each.name, description: each.description, inputSchema: describeSchema(each.input) }]
}
