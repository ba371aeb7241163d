/** A request to a model that is wanted next. */
import { type Moment, type OpenAnswer, park } from './answer.ts'
import { reserve, setAside, termsOf } from './budget.ts'
import type { MemoryAbout } from './memory/about.ts'
import type { State, TaskState } from './state.ts'

export type OfTask = { readonly answer: OpenAnswer; readonly task: TaskState }

/** `about`: of a request of memory. */
export type Asking = OfTask & { readonly about?: MemoryAbout }

/** The intent of a request, with its worst case set aside. */
export function askModel(state: State, moment: Moment, { answer, task, about }: Asking): void {
  const { taskId, purpose } = task
  const terms = termsOf(moment, task)
  // What is wanted now may be something else than what did not succeed.
  const isAgain = task.attempts > 0 && state.tasks.get(taskId)?.purpose === purpose
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
    turn: isAgain ? task.turn : task.turn + 1,
    attempt: isAgain ? task.attempts + 1 : 1,
    fence: moment.fence,
    contextSeq: state.seq,
    definitionHash: terms.definitionHash,
    model: terms.model,
    reserved: reserved.reservation,
    ...(about !== undefined && { about }),
  })
}
