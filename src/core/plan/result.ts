/** What a task has come to, for those who need it. */
import type { Json } from '../json.ts'
import type { State, TaskState } from '../state.ts'
import type { Outputs } from './in-artifacts.ts'
import type { PlanState, TaskNode } from './plan-state.ts'

/** The result of a completed task. Undefined: there is none. `outputs`: those that were read from artifacts, in place of their previews. */
export function resultOf(state: State, taskId: string, outputs?: Outputs): Json | undefined {
  const node = state.plan?.nodes.get(taskId)
  return node === undefined || state.plan === null
    ? undefined
    : resultOfNode(state, { plan: state.plan, outputs }, node)
}

type Where = { readonly plan: PlanState; readonly outputs: Outputs | undefined }

function resultOfNode(state: State, where: Where, node: TaskNode): Json | undefined {
  if (node.status !== 'completed') return undefined
  if (node.output !== undefined) return node.output
  if (node.children.length > 0 || node.element !== null) return resultOfChildren(state, where, node)
  return ownResult(state, where, node)
}

/** The elements of an array in their order; of other children an object by their ids. */
function resultOfChildren(state: State, where: Where, node: TaskNode): Json | undefined {
  const { plan, outputs } = where
  const { children } = node
  if (children.length === 0) return ownResult(state, where, node)
  const results = children.map((id) => [id, resultOf(state, id, outputs) ?? null] as const)
  const isArray = children.some((id) => plan.nodes.get(id)?.element !== null)
  return isArray ? results.map(([, result]) => result) : Object.fromEntries(results)
}

function ownResult(state: State, { outputs }: Where, { callId, task }: TaskNode): Json | undefined {
  if (callId === null) return lastText(state.tasks.get(task.id))
  return outputs?.get(callId) ?? outputOf(state, callId)
}

export function outputOf(state: State, callId: string): Json | undefined {
  const outcome = state.calls.get(callId)?.outcome
  return outcome?.type === 'ok' ? outcome.output : undefined
}

/** The text of the last answer of a loop. */
export function lastText(task: TaskState | undefined): string | undefined {
  const last = task?.entries.findLast((entry) => entry.type === 'assistant')
  if (last?.type !== 'assistant') return undefined
  return last.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}
