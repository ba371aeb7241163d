/** What a session that goes on wants: a decision, or the calls of the turn. */

import { decideAction, type Moment, type Plan, park, wakeBy } from './answer.ts'
import { reserve } from './budget.ts'
import { nextOfCalls } from './next-call.ts'
import type { State, TaskState } from './state.ts'
import { hasUnknown } from './stop.ts'

export function nextOfTurn(state: State, moment: Moment, plan: Plan): void {
  for (const task of state.tasks.values()) {
    if (task.phase === 'decide') decide(state, moment, { plan, task })
    else if (task.phase === 'deciding') deciding(moment, plan, task)
    else if (task.phase === 'calls') nextOfCalls(state, moment, { plan, task })
  }
}

function decide(state: State, moment: Moment, { plan, task }: { plan: Plan; task: TaskState }): void {
  const { taskId } = task
  if (hasUnknown(state, task)) return park(state, plan, { type: 'session_parked', reason: 'unknown_outcome', taskId })
  if (task.retryAt !== null && task.retryAt > moment.now) return wakeBy(plan, task.retryAt)
  const reserved = reserve(state, moment.terms)
  if (reserved.type === 'exhausted') {
    return park(state, plan, { type: 'session_parked', reason: 'budget', taskId, message: reserved.reason })
  }
  plan.events.push({
    type: 'model_started',
    purpose: 'decide',
    taskId,
    turn: task.attempts === 0 ? task.turn + 1 : task.turn,
    attempt: task.attempts + 1,
    fence: moment.fence,
    contextSeq: state.seq,
    definitionHash: moment.terms.definitionHash,
    model: moment.terms.model,
    reserved: reserved.reservation,
  })
}

function deciding(moment: Moment, plan: Plan, task: TaskState): void {
  const { taskId, turn, model } = task
  if (model === null) return
  const { attempt } = model
  if (model.fence < moment.fence) plan.events.push({ type: 'model_lost', taskId, turn, attempt })
  else if (model.fence === moment.fence) plan.actions.push(decideAction(task, attempt, 'run'))
}
