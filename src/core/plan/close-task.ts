/** The end of a task that still works: what is open is aborted and gets an outcome, then it has failed, or is cancelled. */
import type { Moment, OpenAnswer } from '../answer.ts'
import type { State, TaskState } from '../state.ts'
import type { FailureClass } from '../vocabulary.ts'
import { closeOpen } from '../wind-down.ts'

export type CloseAs =
  | { readonly type: 'failed'; readonly failure: FailureClass; readonly message: string }
  /** Whoever wanted it is gone. */
  | { readonly type: 'cancelled'; readonly parent: string }

export type Closing = { readonly answer: OpenAnswer; readonly task: TaskState; readonly as: CloseAs }

export function closeTask(state: State, moment: Moment, { answer, task, as }: Closing): void {
  const { taskId, attempt } = task
  if (closeOpen(state, moment, { answer, task }) > 0) return
  if (as.type === 'cancelled') {
    const reason = `${as.parent}, which had delegated it, has ended`
    answer.events.push({ type: 'task_finished', taskId, status: 'cancelled', reason })
    return
  }
  const isUnknown = task.callIds.some((callId) => state.index.unknown.has(callId))
  const { message } = as
  const failure = isUnknown ? 'unknown_outcome' : as.failure
  answer.events.push({ type: 'task_failed', taskId, failure, message, attempt })
}
