/** The rows of a trace about plans and their tasks. */
import type { EventOf, PawlEvent } from './event.ts'
import type { PlanCause } from './plan/plan-events.ts'
import { ROOT_TASK, type State } from './state.ts'
import type { TraceRow } from './trace.ts'
import { never } from './vocabulary.ts'

/** Null: the event says nothing of them, or another row says it. */
export function planRow(state: State, event: PawlEvent): TraceRow | null {
  const step = turnOf(state, 'taskId' in event ? event.taskId : ROOT_TASK)
  switch (event.type) {
    case 'route_chosen':
      return { step, kind: 'route_chosen', status: event.route, reason: event.reason, level: event.level }
    case 'plan_proposed': {
      const { version, cause, taskCount } = event
      return { step, kind: 'plan_transition', status: 'proposed', reason: saysCause(cause), version, tasks: taskCount }
    }
    case 'plan_rejected':
      return { step, kind: 'plan_transition', status: 'rejected', ...rejection(event), version: event.version }
    case 'plan_adopted': {
      const warnings = event.warnings.map(({ code }) => code)
      const warned = warnings.length === 0 ? {} : { warnings }
      return { step, kind: 'plan_transition', status: 'adopted', version: event.version, ...warned }
    }
    case 'approval_requested':
      return event.subject === undefined ? null : askedRow(state, event)
    default:
      return taskRow(state, step, event)
  }
}

/** Of the task's own loop, if it has begun. */
function turnOf({ tasks }: State, taskId: string | undefined): number {
  return (tasks.get(taskId ?? ROOT_TASK) ?? tasks.get(ROOT_TASK))?.turn ?? 0
}

function rejection({ problems, by }: EventOf<'plan_rejected'>): { readonly reason: string; readonly by?: string } {
  const codes = problems.map(({ code }) => code).join(', ')
  return { reason: codes, ...(by !== undefined && { by }) }
}

function askedRow(state: State, { subject, reason, question }: EventOf<'approval_requested'>): TraceRow {
  const step = turnOf(state, subject?.type === 'task' ? subject.taskId : ROOT_TASK)
  if (subject?.type === 'task')
    return {
      step,
      kind: 'task_transition',
      task: subject.taskId,
      status: 'escalated',
      options: question?.options ?? [],
    }
  return { step, kind: 'plan_transition', status: 'held', reason, ...(subject && { version: subject.version }) }
}

function taskRow(state: State, step: number, event: PawlEvent): TraceRow | null {
  switch (event.type) {
    case 'plan_step_moved': {
      const { taskId: task, status, isRolledBack } = event
      return { step, kind: 'task_transition', task, status, ...(isRolledBack === true && { reason: 'rolled_back' }) }
    }
    case 'task_started': {
      const { taskId: task, attempt, elements, delegated } = event
      const more = {
        ...(attempt > 1 && { attempt }),
        ...(elements !== undefined && { elements }),
        ...(delegated?.specialist !== undefined && { specialist: delegated.specialist }),
      }
      return { step, kind: 'task_transition', task, status: 'in_progress', ...more }
    }
    case 'task_finished': {
      const { taskId: task, status, reason } = event
      return task === ROOT_TASK
        ? null
        : { step, kind: 'task_transition', task, status, ...(reason !== undefined && { reason }) }
    }
    case 'task_failed': {
      const { taskId: task, failure, message } = event
      // The end of the session says it.
      return task === ROOT_TASK && state.plan === null
        ? null
        : { step, kind: 'task_transition', task, status: 'failed', reason: failure, message }
    }
    case 'recovery_chosen': {
      const { taskId: task, action, reason, retryAt, by } = event
      const more = { ...(retryAt !== undefined && { retryAt }), ...(by !== undefined && { by }) }
      return { step, kind: 'recovery_chosen', task, status: action, reason, ...more }
    }
    default:
      return null
  }
}

/** Why a version came, in words: `replan since network failed: tool_terminal`. */
export function saysCause(cause: PlanCause): string {
  switch (cause.type) {
    case 'planned':
      return 'planned'
    case 'given':
      return 'given'
    case 'template':
      return `made from the template ${cause.template}`
    case 'call':
      return `made by the model (${cause.callId})`
    case 'replan':
      return `replan since ${cause.taskIds.join(', ')} failed: ${cause.failure}`
    case 'decompose':
      return `${cause.taskId} is taken apart since it failed: ${cause.failure}`
    case 'patch':
      return `replaced by its processor, after ${cause.callId}`
    case 'edited':
      return `edited by ${cause.by}`
    default:
      return never(cause)
  }
}
