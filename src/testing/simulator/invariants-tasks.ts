/** Tasks at work: when they end, how long they have, how often they are planned for, and what they may use. */

import type { EventOf } from '../../core/index.ts'
import { artifactTools } from './artifact-checks.ts'
import { type Checking, type Checks, type Complaint, complain } from './complaint.ts'
import { waitsFor } from './plan-reach.ts'
import { ROOT, type SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

export const taskChecks: Checks = {
  task_finished: (record, event) => checkFinished(record, event),
  task_failed: (record, event, { at }) => [...checkFailed(record, event), ...checkTimeout(record, event, at)],
  model_started: (record, event) => checkPlanner(record, event),
  call_started: (record, { callId }, checking) => checkTools(record, callId, checking),
}

/** A call, a loop, or nothing at all for each element of an array that has none. */
function checkFinished({ plan }: SessionRecord, { taskId, status }: EventOf<'task_finished'>): readonly Complaint[] {
  const node = plan.nodes.get(taskId)
  const isEmpty = status === 'completed' && node?.task.forEach !== undefined && waitsFor(plan, node).length === 0
  const mayEnd = status === 'skipped' ? node?.status === 'failed' : plan.active.has(taskId) || isEmpty
  return complain('plans: only what is under way ends', !mayEnd, () => `${taskId} is ${status}`)
}

/** One that has nothing to start with fails as the attempt that it would have been. */
function checkFailed({ plan }: SessionRecord, { taskId, attempt }: EventOf<'task_failed'>): readonly Complaint[] {
  return complain(
    'plans: only what is under way ends',
    taskId !== ROOT && !plan.active.has(taskId) && attempt !== (plan.attempts.get(taskId) ?? 0) + 1,
    () => `${taskId} has failed in attempt ${attempt}`,
  )
}

/** The time of a task is what it worked; it is never more than what has passed. */
function checkTimeout(record: SessionRecord, event: EventOf<'task_failed'>, at: number): readonly Complaint[] {
  const { plan, started, log } = record
  const { taskId, failure, message } = event
  // A loop may say of itself that it took too long.
  if (failure !== 'timeout' || !message.startsWith('it took longer than')) return []
  const timeoutMs = plan.nodes.get(taskId)?.task.timeoutMs ?? started?.planning?.taskTimeoutMs ?? 0
  const begun = log.findLast((each) => each.event.type === 'task_started' && each.event.taskId === taskId)
  const tookMs = at - (begun?.at ?? at)
  return complain('plans: a task has its time', tookMs < timeoutMs, () => `${taskId}: ${tookMs} of ${timeoutMs} ms`)
}

/** What a planner has answered in vain since a plan was wanted. */
function checkPlanner({ log, started }: SessionRecord, { purpose }: EventOf<'model_started'>): readonly Complaint[] {
  if (purpose !== 'plan') return []
  const since = log.findLastIndex(
    ({ event }) =>
      event.type === 'route_chosen' ||
      (event.type === 'recovery_chosen' && (event.action === 'replan' || event.action === 'decompose')),
  )
  const refused = log.slice(since + 1).filter(({ event }) => event.type === 'plan_rejected').length
  const most = started?.planning?.maxPlanAttempts ?? 0
  return complain('plans: a planner has so many attempts', refused >= most, () => `${refused} of ${most} were refused`)
}

function checkTools({ calls, ...record }: SessionRecord, callId: string, { expected }: Checking): readonly Complaint[] {
  const { taskId = ROOT, tool = '' } = calls.get(callId) ?? {}
  if (taskId === ROOT || calls.get(callId) === undefined) return []
  // Whoever has a part of an output may read the rest of it.
  if (artifactTools.has(tool) && record.memory.artifacts.size > 0) return []
  return complain(
    'plans: a task has what it was given',
    !toolsOf(record, taskId, expected).has(tool),
    () => `${callId} of ${taskId} is ${tool}`,
  )
}

/** What it names, or what its specialist has and only reads; never more than whoever has given it. */
function toolsOf(record: Pick<SessionRecord, 'plan'>, taskId: string, expected: Expected): ReadonlySet<string> {
  if (taskId === ROOT) return new Set(expected.toolsOf(null))
  const { delegated } = record.plan.active.get(taskId) ?? {}
  const task = record.plan.nodes.get(taskId)?.task
  if (delegated === undefined && task?.tool !== undefined) return new Set([task.tool])
  const { specialist = null, tools } = delegated ?? task ?? {}
  const owned = expected.toolsOf(specialist)
  const given = toolsOf(record, delegated?.parent ?? ROOT, expected)
  const wanted = tools ?? owned.filter((name) => expected.effectOf(name) === 'read')
  return new Set(wanted.filter((name) => owned.includes(name) && given.has(name)))
}
