/** What the loop of one task wants: a decision, or the calls of its turn. */

import { decideAction, type Moment, type OpenAnswer, park, wakeBy } from './answer.ts'
import { reserve, setAside, termsOf } from './budget.ts'
import type { MemoryAbout } from './memory/about.ts'
import { nextOfMemory } from './memory/next-memory.ts'
import { nextOfCalls } from './next-call.ts'
import { isOvertaken } from './plan/progress.ts'
import { chooseRoute } from './route/choose-route.ts'
import { hasUnknown, ROOT_TASK, type State, type TaskState } from './state.ts'

export type OfTask = { readonly answer: OpenAnswer; readonly task: TaskState }

/** `about`: of a request of memory. */
export type Asking = OfTask & { readonly about?: MemoryAbout }

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
  if (task.purpose === 'route') return askModel(state, moment, { answer, task })
  if (nextOfMemory(state, moment, { answer, task })) return
  askModel(state, moment, { answer, task: { ...task, purpose: 'decide' } })
}

/** The intent of a request, with its worst case set aside. */
export function askModel(state: State, moment: Moment, { answer, task, about }: Asking): void {
  const { taskId, purpose } = task
  const terms = termsOf(moment, task)
  const reserved = reserve(state, { task, terms, others: answer.setAside })
  if (reserved.type === 'exhausted') {
    if (reserved.by === null)
      return park(answer, { type: 'session_parked', reason: 'budget', taskId, message: reserved.reason })
    const message = `the cap of ${reserved.by} does not allow another request: ${reserved.reason}`
    answer.events.push({ type: 'task_failed', taskId, failure: 'budget', message, attempt: task.attempt })
    return
  }
  answer.setAside.push(setAside(state, task, reserved.reservation))
  answer.events.push({
    type: 'model_started',
    purpose,
    taskId,
    turn: task.attempts === 0 ? task.turn + 1 : task.turn,
    attempt: task.attempts + 1,
    fence: moment.fence,
    contextSeq: state.seq,
    definitionHash: terms.definitionHash,
    model: terms.model,
    reserved: reserved.reservation,
    ...(about !== undefined && { about }),
  })
}

function deciding(moment: Moment, answer: OpenAnswer, task: TaskState): void {
  const { taskId, turn, model } = task
  if (model === null) return
  const { attempt } = model
  if (model.fence < moment.fence) answer.events.push({ type: 'model_lost', taskId, turn, attempt })
  else if (model.fence === moment.fence) answer.actions.push(decideAction(task, attempt, 'run'))
}
