/** Coverage marks of plans: each event, with what was known before it. */
import type { EventOf, LogEvent, PawlEvent, RecoveryAction } from '../../core/index.ts'
import type { MarkName } from './coverage-marks.ts'
import { CANNOT } from './plan-model.ts'
import { childrenOf, isUnreachable, needsOf, reachedOf } from './plan-reach.ts'
import { ROOT, type SessionRecord } from './record.ts'

type Mark = (name: MarkName) => void

export function markPlanEvent({ event }: LogEvent, record: SessionRecord, mark: Mark): void {
  const { plan } = record
  switch (event.type) {
    case 'message_received':
      if (plan.active.size > 0) mark('a message in the middle of a plan')
      return
    case 'cancel_requested':
      if (plan.active.size > 0) mark('a cancel in the middle of a plan')
      return
    case 'route_chosen':
      return mark(routes[event.level])
    case 'plan_proposed':
      if (event.cause.type === 'template') mark('a plan from a template')
      return
    case 'plan_tasks_listed':
      return mark('a plan of several events')
    case 'plan_rejected':
      return markRejected(event, mark)
    case 'plan_adopted':
      return markAdopted(record, mark)
    case 'plan_step_moved':
      return markStep(record, event, mark)
    case 'approval_requested':
      if (event.subject?.type === 'plan' && event.subject.warnings.length > 0)
        mark('people were asked about warnings of a plan')
      return
    case 'recovery_chosen':
      return markRecovery(record, event, mark)
    case 'approval_resolved':
      return markAnswer(record, event, mark)
    case 'session_ended':
      if (event.partial === true) mark('an answer with parts missing')
      if (event.partial === true && event.reason === 'failed') mark('a plan failed in part')
      if (event.reason === 'replan_limit') mark('stopped: replan_limit')
      if (event.reason === 'aborted') mark('stopped: aborted')
      return
    default:
      return markTaskEvent(event, record, mark)
  }
}

/** What its tasks do, and what becomes of their requests and calls. */
function markTaskEvent(event: PawlEvent, record: SessionRecord, mark: Mark): void {
  switch (event.type) {
    case 'task_started':
      return markStarted(record, event, mark)
    case 'task_finished':
      return markFinished(record, event, mark)
    case 'task_failed':
      if (event.failure === 'timeout') mark('a task took too long')
      if (event.failure === 'invalid_output' && event.taskId !== ROOT) mark('a result was none')
      if (event.message === CANNOT) mark('a task said that it cannot be done')
      if (event.failure === 'budget' && event.taskId !== ROOT) mark('a task used up its cap')
      return
    case 'model_lost':
      if (event.taskId !== ROOT) mark('a request of a task was lost')
      if (record.asking.get(event.taskId)?.purpose === 'plan') mark('a request to a planner was lost')
      return
    case 'call_lost':
      if (record.calls.get(event.callId)?.taskId !== ROOT) mark('a call of a task was lost')
      return
    case 'call_settled':
      if (record.calls.get(event.callId)?.taskId !== ROOT) mark('an unknown outcome inside a task was settled')
      return
    case 'call_finished':
      if ('message' in event.outcome && event.outcome.message.includes('is in progress. Move it'))
        mark('a second step in progress was refused')
  }
}

const routes = {
  forced: 'a route forced by the caller',
  rules: 'a route by rules',
  model: 'a route by a model',
  keywords: 'a route by keywords',
} as const

/** Moved by the end of whoever it was given to, and not by the model. */
function markStep({ calls }: SessionRecord, event: EventOf<'plan_step_moved'>, mark: Mark): void {
  if (calls.get(event.callId)?.tool !== 'delegate') return
  if (event.isRolledBack === true) mark('a delegated step was put back')
  if (event.status === 'completed') mark('a delegated step was completed')
}

function markRejected({ problems, by }: EventOf<'plan_rejected'>, mark: Mark): void {
  const codes = new Set<string>(problems.map(({ code }) => code))
  if (by !== undefined) mark('a person rejected a plan')
  if (codes.has('repeats_failed_plan')) mark('a planner repeated the failed plan')
  if (codes.has('pinned_changed')) mark('a planner changed what stands')
  if (codes.has('no_answer')) mark('a planner answered with no plan')
  if (codes.has('cycle')) mark('a planner planned in a circle')
}

function markAdopted({ plan }: SessionRecord, mark: Mark): void {
  const { proposed } = plan
  const type = proposed?.cause.type
  const others = [...plan.active.values()].some(({ delegated }) => delegated === undefined)
  if (type === 'edited') mark('a plan was carried out as a person had edited it')
  if (proposed?.approval === 'approved') mark('a person approved a plan')
  const parents = new Map((proposed?.tasks ?? []).map((task) => [task.id, task.parent]))
  if ([...parents.values()].some((id) => id !== undefined && parents.get(id) !== undefined))
    mark('a parent within a parent')
  if (type === 'decompose') mark('a task was taken apart')
  if (type !== 'replan' && type !== 'decompose') return
  if (others) mark('a replan while other tasks ran')
  if (plan.completed.size > 0) mark('a replan with tasks that were completed')
}

function markStarted(record: SessionRecord, event: EventOf<'task_started'>, mark: Mark): void {
  const { plan } = record
  const node = plan.nodes.get(event.taskId)
  if (event.delegated !== undefined)
    mark(event.delegated.parent === ROOT ? 'delegated by the session' : 'delegated by a task')
  if (node === undefined) return
  if (node.status === 'cancelled' || (event.attempt > 1 && node.chosen.size === 0 && node.input === undefined))
    mark('a task was begun again under another version or message')
  if ((event.elements ?? 0) > 1) mark('an array was fanned out')
  if (node.task.exclusive === true && plan.nodes.size > 1) mark('a task ran alone')
  if (node.input !== undefined) mark('a task was tried with another input of a person')
  const needs = needsOf(node.task)
  if (node.task.needs === 'settled' && needs.some((id) => reachedOf(plan, id) === 'lost'))
    mark('a synthesis without all it needs')
  if (event.callId !== undefined && JSON.stringify(node.task.input).includes('$from')) mark('a result was put in')
}

function markFinished({ plan, calls }: SessionRecord, event: EventOf<'task_finished'>, mark: Mark): void {
  const { taskId, status, reason = '' } = event
  const node = plan.nodes.get(taskId)
  const delegated = plan.active.get(taskId)?.delegated
  const isOrphan = status === 'cancelled' && reason.includes('had delegated it')
  if (isOrphan && calls.get(delegated?.callId ?? '')?.isOver === true)
    mark('a delegated task ended with whoever had delegated it')
  if (status === 'skipped') mark('a failed task was skipped')
  if (node?.task.forEach !== undefined && status === 'completed') mark('an array had no elements')
  if (node?.task.parent !== undefined && childrenOf(plan, node.task.parent).some((each) => each.isGivenUp))
    mark('a child went on beside one that had failed')
}

function markRecovery({ plan, started }: SessionRecord, event: EventOf<'recovery_chosen'>, mark: Mark): void {
  const { taskId, action, by, failure } = event
  const row = started?.planning?.recovery[failure]
  if (by !== undefined && isOfPeople(action)) mark(`a person chose ${action}`)
  if (by === undefined && action === 'replan' && row?.action !== 'replan') mark('failures in a row were planned anew')
  if (action === 'retry' && by === undefined) mark('a task was tried again')
  const node = plan.nodes.get(taskId)
  const isReopening = (action === 'retry' || action === 'skip') && node?.isGivenUp === true
  if (isReopening && [...plan.nodes.values()].some((each) => isUnreachable(plan, each)))
    mark('what was out of reach came back')
}

const ofPeople = ['retry', 'skip', 'replan', 'abort'] as const

function isOfPeople(action: RecoveryAction): action is (typeof ofPeople)[number] {
  return ofPeople.some((each) => each === action)
}

function markAnswer(record: SessionRecord, event: EventOf<'approval_resolved'>, mark: Mark): void {
  const { plan, open, calls } = record
  const asked = open.get(event.approvalId)
  if (asked?.subject?.type === 'task' && event.resolution === 'expired') mark('nobody said what follows a failure')
  if (asked?.subject?.type === 'plan' && event.resolution === 'expired') mark('nobody looked at a plan in time')
  const task = plan.active.get(calls.get(asked?.callId ?? '')?.taskId ?? '')
  if (task === undefined || event.resolution !== 'approved') return
  mark('an approval inside a task')
  if ((task.version ?? plan.version) < plan.version) mark('an approval inside a task answered after the replan')
}
