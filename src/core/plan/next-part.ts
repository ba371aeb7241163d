/** What a task below the root wants: its loop or its call goes on, or it has come to an end. */
import { type Moment, type OpenAnswer, park, wakeBy } from '../answer.ts'
import type { OfTask } from '../ask-model.ts'
import { nextOfResult } from '../memory/next-memory.ts'
import { isOfMemory } from '../memory/purposes.ts'
import { nextOfTurn } from '../next-turn.ts'
import { type CallState, hasUnknown, type State, type TaskState } from '../state.ts'
import { deadlineOf } from '../under-way.ts'
import type { FailureClass, Outcome } from '../vocabulary.ts'
import { closeTask } from './close-task.ts'
import { failureSaid } from './control.ts'
import { readFailTask } from './control-tools.ts'

export function nextOfPart(state: State, moment: Moment, { answer, task }: OfTask): void {
  const { parent, taskId } = task
  if (isOrphan(state, answer, task))
    return closeTask(state, moment, { answer, task, as: { type: 'cancelled', parent: parent ?? '' } })
  const said = failureSaid(state, task)
  if (said !== undefined) {
    const { failure, reason } = readFailTask(said.input)
    return closeTask(state, moment, {
      answer,
      task,
      as: { type: 'failed', failure, message: reason, saidBy: said.callId },
    })
  }
  // A result that is there counts, however late it came, and whoever looks at it has time for that.
  if (hasResult(state, task))
    return nextOfResult(state, moment, { answer, task }) ? undefined : nextOfAnswered(state, answer, task)
  if (task.isCall && isOfMemory(task.purpose)) return nextOfTurn(state, moment, { answer, task })
  const deadline = deadlineOf(task, moment.now)
  if (deadline !== null && deadline <= moment.now) {
    const message = `it took longer than ${task.timeoutMs} ms`
    return closeTask(state, moment, { answer, task, as: { type: 'failed', failure: 'timeout', message } })
  }
  if (deadline !== null && task.underWay > 0) wakeBy(answer, deadline)
  if (task.phase === 'answered') return nextOfAnswered(state, answer, task)
  const maxTurns = task.cap.turns ?? state.budget.maxTurns
  if (
    task.phase === 'decide' &&
    task.attempts === 0 &&
    task.purposeTurns.decide - task.turnsBefore >= maxTurns &&
    !hasUnknown(state, task)
  ) {
    const message = `it has used its ${maxTurns} turns`
    answer.events.push({ type: 'task_failed', taskId, failure: 'budget', message, attempt: task.attempt })
    return
  }
  nextOfTurn(state, moment, { answer, task })
}

/** The call that it was delegated by has ended: with whoever made it, as a rule a moment before. */
function isOrphan({ calls }: State, { events }: OpenAnswer, { delegated }: TaskState): boolean {
  if (delegated === null) return false
  const { callId } = delegated
  const isClosed = events.some((event) => event.type === 'call_finished' && event.callId === callId)
  return isClosed || calls.get(callId)?.status === 'finished'
}

function hasResult(state: State, { phase, isCall, callIds }: TaskState): boolean {
  return phase === 'answered' && (!isCall || state.calls.get(callIds[0] ?? '')?.outcome?.type === 'ok')
}

/** Its loop has given an answer, or its call has ended: is that a result? */
function nextOfAnswered(state: State, answer: OpenAnswer, task: TaskState): void {
  const { taskId, attempt, isCall } = task
  if (hasUnknown(state, task)) return park(answer, { type: 'session_parked', reason: 'unknown_outcome', taskId })
  const call = isCall ? state.calls.get(task.callIds[0] ?? '') : undefined
  if (call?.outcome !== undefined && call.outcome !== null && call.outcome.type !== 'ok') {
    const failed = failureOf(call, call.outcome)
    answer.events.push({ type: 'task_failed', taskId, ...failed, attempt })
    return
  }
  const accept = state.plan?.nodes.get(taskId)?.task.accept
  if (accept === undefined) answer.events.push({ type: 'task_finished', taskId, status: 'completed' })
  else answer.actions.push({ type: 'check', key: `check:${taskId}:${attempt}`, taskId, attempt })
}

function failureOf(
  { tool }: CallState,
  outcome: Exclude<Outcome, { type: 'ok' }>,
): { readonly failure: FailureClass; readonly message: string } {
  switch (outcome.type) {
    case 'retryable_error':
      return { failure: 'tool_retryable', message: `${tool}: ${outcome.message}` }
    case 'terminal_error':
      return { failure: 'tool_terminal', message: `${tool}: ${outcome.message}` }
    case 'unknown':
      return { failure: 'unknown_outcome', message: `${tool}: ${outcome.message}` }
    case 'cancelled':
      return { failure: 'tool_retryable', message: `${tool} was stopped` }
    case 'blocked':
      return { failure: blockedFailures[outcome.reason] ?? 'policy_denied', message: `${tool}: ${outcome.message}` }
  }
}

/** What the core itself blocks a call for; everything else is a word of a policy, or of a person. */
const blockedFailures: Readonly<Record<string, FailureClass>> = {
  invalid_call: 'missing_input',
  invalid_input: 'missing_input',
  unknown_tool: 'stale_plan',
  call_budget: 'budget',
}
