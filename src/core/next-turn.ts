/** What the loop of one task wants: a decision, or the calls of its turn. */

import { decideAction, type Moment, type OpenAnswer, park, wakeBy } from './answer.ts'
import { askModel, type OfTask } from './ask-model.ts'
import { nextOfMemory } from './memory/next-memory.ts'
import { nextOfCalls } from './next-call.ts'
import { isOvertaken } from './plan/progress.ts'
import { chooseRoute } from './route/choose-route.ts'
import { hasUnknown, ROOT_TASK, type State, type TaskState } from './state.ts'

/** One step of a loop. */
export function nextOfTurn(state: State, moment: Moment, { answer, task }: OfTask): void {
  if (task.taskId === ROOT_TASK && isOvertaken(state))
    decide(state, moment, { answer, task: { ...task, purpose: 'route' } })
  // A flexible plan that was given: nothing is done before it is looked at.
  else if (task.taskId === ROOT_TASK && task.phase === 'decide' && state.plan?.pending) return
  else if (task.phase === 'decide') decide(state, moment, { answer, task })
  else if (task.phase === 'deciding') deciding(moment, answer, task)
  else if (task.phase === 'calls') nextOfCalls(state, moment, { answer, task })
}

function decide(state: State, moment: Moment, { answer, task }: OfTask): void {
  const { taskId } = task
  if (hasUnknown(state, task)) return park(answer, { type: 'session_parked', reason: 'unknown_outcome', taskId })
  if (task.retryAt !== null && task.retryAt > moment.now) return wakeBy(answer, task.retryAt)
  if (task.purpose === 'route' && chooseRoute(state, answer)) return
  // A planner and a router are asked once more for what they were asked, and read no history.
  if (task.purpose === 'route' || task.purpose === 'plan') return askModel(state, moment, { answer, task })
  if (nextOfMemory(state, moment, { answer, task })) return
  askModel(state, moment, { answer, task: { ...task, purpose: 'decide' } })
}

function deciding(moment: Moment, answer: OpenAnswer, task: TaskState): void {
  const { taskId, turn, model } = task
  if (model === null) return
  const { attempt } = model
  if (model.fence < moment.fence) answer.events.push({ type: 'model_lost', taskId, turn, attempt })
  else if (model.fence === moment.fence) answer.actions.push(decideAction(task, attempt, 'run'))
}
