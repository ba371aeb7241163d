/** The end of a task that still works: what is open is aborted and gets an outcome, then it has failed, or is cancelled. */
import type { Moment, OpenAnswer } from '../answer.ts'
import type { State, TaskState } from '../state.ts'
import type { FailureClass } from '../vocabulary.ts'
import { closeOpen } from '../wind-down.ts'
import { stepBack } from './steps.ts'

export type CloseAs =
  | {
      readonly type: 'failed'
      readonly failure: FailureClass
      readonly message: string
      /** The call by which its loop has said so: it ends with the task. */
      readonly saidBy?: string
    }
  /** Whoever wanted it is gone. */
  | { readonly type: 'cancelled'; readonly parent: string }

export type Closing = { readonly answer: OpenAnswer; readonly task: TaskState; readonly as: CloseAs }

export function closeTask(state: State, moment: Moment, { answer, task, as }: Closing): void {
  const { taskId, attempt } = task
  const saidBy = as.type === 'failed' ? as.saidBy : undefined
  const open = saidBy === undefined ? task.open : task.open.filter((callId) => callId !== saidBy)
  if (closeOpen(state, moment, { answer, task: { ...task, open } }) > 0) return
  if (saidBy !== undefined) {
    const outcome = { type: 'ok', output: null } as const
    answer.events.push({ type: 'call_finished', callId: saidBy, attempt: 1, outcome, trust: 'system' })
  }
  if (as.type === 'cancelled') {
    answer.events.push(...stepBack(state, task))
    const reason = `${as.parent}, which had delegated it, has ended`
    answer.events.push({ type: 'task_finished', taskId, status: 'cancelled', reason })
    return
  }
  const isUnknown = task.callIds.some((callId) => state.index.unknown.has(callId))
  const { message } = as
  const failure = isUnknown ? 'unknown_outcome' : as.failure
  answer.events.push({ type: 'task_failed', taskId, failure, message, attempt })
}
