/** The input of a task has been read from artifacts: the task begins, or cannot. */
import type { CommandOf } from '../command.ts'
import { accepted, type Handled, nothing } from '../handled.ts'
import type { State } from '../state.ts'
import { type Given, hasRoom, taskBegins } from './dispatch.ts'
import type { TaskNode } from './plan-state.ts'
import { isReady } from './spread.ts'

export function recordInput(state: State, command: CommandOf<'record_input'>): Handled {
  const { taskId, attempt } = command
  const { plan } = state
  const node = plan?.nodes.get(taskId)
  if (plan === null || node === undefined || node.attempt + 1 !== attempt) return nothing
  if (state.ended !== null || state.cancel !== null || plan.pending !== null) return nothing
  // Meanwhile others may have begun, or what it waits for may be open again: it is asked for once more when its turn comes.
  if (!mayBegin(state, node) || !hasRoom(state, node)) return nothing
  return accepted(taskBegins(state, node, { callNumber: state.calls.size + 1, given: given(command) }))
}

function mayBegin({ plan }: State, node: TaskNode): boolean {
  if (plan?.retrying.has(node.task.id) === true) return node.outOfReach === 0 && node.waitingFor === 0
  return isReady(node)
}

function given({ input, items, problem }: CommandOf<'record_input'>): Given {
  if (problem !== undefined) return { type: 'problem', message: problem }
  return items === undefined ? { type: 'input', input: input ?? null } : { type: 'items', items }
}
