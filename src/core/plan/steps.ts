/** The steps of a flexible plan, which the model moves itself: one at a time. */
import type { PawlEvent } from '../event.ts'
import type { CallState, State } from '../state.ts'
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
  const delegated = new Set(
    [...state.tasks.values()].flatMap((task) => (isUnderWay(state, task.taskId) ? [task.delegated?.step] : [])),
  )
  const nodes = [...(state.plan?.nodes.values() ?? [])]
  const index = nodes.findIndex(
    (each) => each !== node && each.status === 'in_progress' && !delegated.has(each.task.id),
  )
  const found = nodes[index]
  return found === undefined ? undefined : { number: index + 1, name: found.task.name }
}

function isUnderWay({ index }: State, taskId: string): boolean {
  return index.active.has(taskId)
}

function refuse(message: string): Moved {
  return { events: [], outcome: { type: 'terminal_error', message } }
}
