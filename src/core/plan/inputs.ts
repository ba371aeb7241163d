/** The inputs of tasks, with every reference resolved. Whoever starts a task has looked that they can be. */
import type { Json } from '../json.ts'
import type { State } from '../state.ts'
import type { Outputs } from './in-artifacts.ts'
import type { TaskNode } from './plan-state.ts'
import { type ResolvedInput, resolveInput, resolveReference } from './references.ts'
import { resultOf } from './result.ts'

/** What a direct task's call will be asked. */
export function resolvedInput(state: State, node: TaskNode, outputs?: Outputs): ResolvedInput {
  const { task, input } = node
  const whole = (taskId: string) => resultOf(state, taskId, outputs)
  return resolveInput(input ?? task.input ?? {}, whole, itemOf(state, node, outputs))
}

export function inputOf(state: State, node: TaskNode): Json | undefined {
  const resolved = resolvedInput(state, node)
  return resolved.type === 'resolved' ? resolved.input : undefined
}

/** The array of a task with `forEach`; undefined: there is none. */
export function elementsOf(state: State, { task, items }: TaskNode, outputs?: Outputs): readonly Json[] | undefined {
  if (task.forEach === undefined) return undefined
  if (items !== undefined) return items
  const resolved = resolveReference(task.forEach, (taskId) => resultOf(state, taskId, outputs))
  return resolved.type === 'resolved' && Array.isArray(resolved.input) ? resolved.input : undefined
}

/** The element that a child of a task with `forEach` was started for. */
export function itemOf(state: State, { task, element }: TaskNode, outputs?: Outputs): Json | undefined {
  const parent = task.parent === undefined ? undefined : state.plan?.nodes.get(task.parent)
  return element === null || parent === undefined ? undefined : elementsOf(state, parent, outputs)?.[element]
}
