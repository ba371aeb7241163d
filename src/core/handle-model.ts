/** What a model answered, or that it did not. */
import { backoffMs } from './backoff.ts'
import type { ModelReport, OutcomeOf } from './command.ts'
import type { PawlEvent } from './event.ts'
import { accepted, type Handled, type HandleMoment, nothing } from './handled.ts'
import { memoryFailed, memoryResponded } from './memory/handle-memory.ts'
import { isOfMemory } from './memory/purposes.ts'
import { plannerFailed, planResponded, routeResponded } from './plan/handle-planner.ts'
import { callParts } from './reduce-model.ts'
import { ROOT_TASK, type State, type TaskState } from './state.ts'
import type { FailureClass } from './vocabulary.ts'

/** What came of a request to a model: a decision, a plan, a route, or a failure. */
export function modelEnded(state: State, of: Extract<OutcomeOf, { type: 'model' }>, moment: HandleMoment): Handled {
  const task = state.tasks.get(of.taskId)
  if (task === undefined || task.phase !== 'deciding' || task.turn !== of.turn || task.model?.attempt !== of.attempt)
    return nothing
  const { report } = of
  if (report.type === 'failed') return modelFailed(state, { task, report }, moment)
  if (isEmpty(report)) return modelFailed(state, { task, report: emptyResponse(report) }, moment)
  if (isOfMemory(task.purpose)) return memoryResponded(state, task, report)
  if (task.purpose === 'plan') return planResponded(state, task, report)
  return task.purpose === 'route' ? routeResponded(state, task, report) : modelResponded(state, task, report)
}

function modelResponded(state: State, task: TaskState, report: Extract<ModelReport, { type: 'responded' }>): Handled {
  const { taskId, turn } = task
  const { type: _, ...responded } = report
  const count = callParts(report.response.parts).length
  const callIds = Array.from({ length: count }, (_, index) => `c${state.calls.size + index + 1}`)
  const decision = count > 0 ? 'calls' : report.response.finish === 'refusal' ? 'refused' : 'final'
  const events: PawlEvent[] = [
    { type: 'model_responded', taskId, turn, attempt: task.model?.attempt ?? 0, ...responded },
    { type: 'decision_recorded', taskId, turn, decision, callIds },
  ]
  if (decision === 'refused')
    events.push({
      type: 'task_failed',
      taskId,
      failure: 'refusal',
      message: 'the model refused, says its provider',
      ...attemptOf(task),
    })
  return accepted(...events)
}

type Failed = { readonly task: TaskState; readonly report: Extract<ModelReport, { type: 'failed' }> }

function modelFailed(state: State, { task, report }: Failed, moment: HandleMoment): Handled {
  const { taskId, turn } = task
  const { error, jitter, retryAfterMs, latencyMs } = report
  const { transportAttempts, transportBackoffMs: baseMs, maxBackoffMs: maxMs } = state.limits
  const mayRetry = error.retryable && task.failures + 1 < transportAttempts
  const delayMs = Math.max(retryAfterMs ?? 0, backoffMs({ baseMs, maxMs, failures: task.failures, jitter }))
  const retryAt = mayRetry ? moment.now + delayMs : null
  const failed: PawlEvent = {
    type: 'model_failed',
    taskId,
    turn,
    attempt: task.model?.attempt ?? 0,
    error,
    retryAt,
    latencyMs,
  }
  if (mayRetry || error.code === 'aborted' || task.purpose === 'route') return accepted(failed)
  if (task.purpose === 'plan') return accepted(failed, plannerFailed(state, error))
  if (isOfMemory(task.purpose)) return accepted(failed, ...memoryFailed(state, task, `${error.code}: ${error.message}`))
  const failure = failuresByCode[error.code] ?? 'transport'
  return accepted(failed, {
    type: 'task_failed',
    taskId,
    failure,
    message: `${error.code}: ${error.message}`,
    ...attemptOf(task),
  })
}

/** Everything else was on its way. */
const failuresByCode: Readonly<Record<string, FailureClass>> = {
  timeout: 'timeout',
  // Whom the plan names has gone with a deploy.
  unknown_specialist: 'stale_plan',
}

/** Of a task of a plan; the root has only one. */
function attemptOf({ taskId, attempt }: TaskState): { readonly attempt?: number } {
  return taskId === ROOT_TASK ? {} : { attempt }
}

function isEmpty(report: Extract<ModelReport, { type: 'responded' }>): boolean {
  const { parts, finish } = report.response
  if (finish === 'refusal') return false
  return !parts.some(
    (part) => part.type === 'call' || part.type === 'invalid_call' || (part.type === 'text' && part.text.trim() !== ''),
  )
}

function emptyResponse({ latencyMs }: { latencyMs: number }): Failed['report'] {
  const message = 'the model answered with neither text nor a call'
  return { type: 'failed', error: { code: 'empty_response', message, retryable: true }, jitter: 0, latencyMs }
}
