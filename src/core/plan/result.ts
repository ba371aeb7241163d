/** What a task has come to, for those who need it. */
import type { Json } from '../json.ts'
import type { State, TaskState } from '../state.ts'
import type { PlanState, TaskNode } from './plan-state.ts'

/** The result of a completed task. Undefined: there is none. */
export function resultOf(state: State, taskId: string): Json | undefined {
  const node = state.plan?.nodes.get(taskId)
  return node === undefined || state.plan === null ? undefined : resultOfNode(state, state.plan, node)
}

function resultOfNode(state: State, plan: PlanState, node: TaskNode): Json | undefined {
  if (node.status !== 'completed') return undefined
  if (node.output !== undefined) return node.output
  if (node.children.length > 0 || node.element !== null) return resultOfChildren(state, plan, node)
  return node.callId === null ? lastText(state.tasks.get(node.task.id)) : outputOf(state, node.callId)
}

/** The elements of an array in their order; of other children an object by their ids. */
function resultOfChildren(state: State, plan: PlanState, node: TaskNode): Json | undefined {
  const { callId, children, task } = node
  if (children.length === 0) return callId === null ? lastText(state.tasks.get(task.id)) : outputOf(state, callId)
  const results = children.map((id) => [id, resultOf(state, id) ?? null] as const)
  const isArray = children.some((id) => plan.nodes.get(id)?.element !== null)
  return isArray ? results.map(([, result]) => result) : Object.fromEntries(results)
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
