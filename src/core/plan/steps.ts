/** The steps of a flexible plan, which the model moves itself: one at a time. */
import type { EventOf, PawlEvent } from '../event.ts'
import { activeTasks, type CallState, type State, type TaskState } from '../state.ts'
import type { Outcome } from '../vocabulary.ts'
import { readStepMove } from './control-tools.ts'
import type { TaskStatus } from './plan.ts'
import type { TaskNode } from './plan-state.ts'

export type Moved = { readonly events: readonly PawlEvent[]; readonly outcome: Outcome }

/** By its number in `[PLAN]`. */
export function stepOf({ plan }: State, step: number): TaskNode | undefined {
  if (plan === null || plan.mode !== 'flexible') return undefined
  return [...plan.nodes.values()][step - 1]
}

/** Refused with a sentence that the model can act on. */
export function moveStep(state: State, call: CallState): Moved {
  const { step, status, result } = readStepMove(call.input)
  const node = stepOf(state, step)
  const count = state.plan?.mode === 'flexible' ? state.plan.nodes.size : 0
  if (count === 0) return refuse('there is no plan yet: call plan first')
  if (node === undefined) return refuse(`there is no step ${step}: [PLAN] has steps 1 to ${count}`)
  const moved = stepStatuses.find((each) => each === status)
  if (moved === undefined)
    return refuse(`a step is moved to ${stepStatuses.join(', ')}; found ${JSON.stringify(status)}`)
  const other = moved === 'in_progress' ? inProgress(state, node) : undefined
  if (other !== undefined) {
    const { number, name } = other
    return refuse(
      `step ${number} "${name}" is in progress. Move it to completed, or back to pending, before you begin step ${step}.`,
    )
  }
  const { callId } = call
  const event: PawlEvent = {
    type: 'plan_step_moved',
    taskId: node.task.id,
    status: moved,
    callId,
    ...(result !== '' && moved === 'completed' && { result }),
  }
  return { events: [event], outcome: { type: 'ok', output: { step, status: moved } } }
}

const stepStatuses = ['pending', 'in_progress', 'completed', 'cancelled'] as const satisfies readonly TaskStatus[]

/** Another one that the model has begun itself. What was delegated moves by itself, and does not count. */
function inProgress(state: State, node: TaskNode): { readonly number: number; readonly name: string } | undefined {
  const nodes = [...(state.plan?.nodes.values() ?? [])]
  const index = nodes.findIndex((each) => each !== node && each.status === 'in_progress' && !isGiven(state, each))
  const found = nodes[index]
  return found === undefined ? undefined : { number: index + 1, name: found.task.name }
}

/** Somebody to whom it was delegated works on it. */
export function isGiven(state: State, node: TaskNode): boolean {
  return activeTasks(state).some((task) => stepOfDelegated(state, task) === node)
}

/** The step that a delegated task is of the plan in force; undefined: none, or of one that was replaced meanwhile. */
export function stepOfDelegated({ plan }: State, { delegated }: TaskState): TaskNode | undefined {
  if (plan === null || delegated?.step === undefined || delegated.planVersion !== plan.version) return undefined
  return plan.nodes.get(delegated.step)
}

/** Nobody works any more on the step that it was: it is to be done again. */
export function stepBack(state: State, task: TaskState): readonly EventOf<'plan_step_moved'>[] {
  const step = stepOfDelegated(state, task)
  const { callId = '' } = task.delegated ?? {}
  if (step?.status !== 'in_progress') return []
  return [{ type: 'plan_step_moved', taskId: step.task.id, status: 'pending', callId }]
}

function refuse(message: string): Moved {
  return { events: [], outcome: { type: 'terminal_error', message } }
}
