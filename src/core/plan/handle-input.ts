/** The input of a task has been read from artifacts: the task begins, or cannot. */
import type { CommandOf } from '../command.ts'
import { accepted, type Handled, nothing } from '../handled.ts'
import type { State } from '../state.ts'
import { type Given, hasRoom, taskBegins } from './dispatch.ts'
import { leftToPeople } from './left-to-people.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { isExecuting, isStuck } from './progress.ts'
import { isReady } from './spread.ts'

export function recordInput(state: State, command: CommandOf<'record_input'>): Handled {
  const { taskId, attempt, version } = command
  const { plan } = state
  const node = plan?.nodes.get(taskId)
  if (plan === null || node === undefined || node.attempt + 1 !== attempt || plan.version !== version) return nothing
  if (!isCarriedOn(state, plan)) return nothing
  // Meanwhile others may have begun, or what it waits for may be open again: it is asked for once more when its turn comes.
  if (!mayBegin(state, node) || !hasRoom(state, node) || leftToPeople(state, plan)(node)) return nothing
  return accepted(taskBegins(state, node, { callNumber: state.calls.size + 1, given: given(command) }))
}

/** Where `next` begins tasks: not while another plan is made or looked at, nor at an end. */
function isCarriedOn(state: State, { pending, request, isAborted }: PlanState): boolean {
  if (state.ended !== null || state.cancel !== null || !isExecuting(state)) return false
  return pending === null && !isAborted && (request === null || isStuck(state))
}

function mayBegin({ plan }: State, node: TaskNode): boolean {
  if (plan?.retrying.has(node.task.id) === true) return node.outOfReach === 0 && node.waitingFor === 0
  return isReady(node)
}

function given({ input, items, problem }: CommandOf<'record_input'>): Given {
  if (problem !== undefined) return { type: 'problem', message: problem }
  return items === undefined ? { type: 'input', input: input ?? null } : { type: 'items', items }
}
