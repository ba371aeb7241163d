/** Plans and their tasks: who may start, what may take the place of what, and what an end leaves. */
import type { EventOf } from '../../core/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { type Checks, type Complaint, complain } from './complaint.ts'
import { isReplan, stands } from './note-plan.ts'
import { isUnreachable, needsOf, waitsFor } from './plan-reach.ts'
import type { PlannedRecord, ProposedRecord } from './plan-record.ts'
import { loopOf, ROOT, type SessionRecord } from './record.ts'

export const planChecks: Checks = {
  task_started: (record, event, { at }) =>
    event.delegated === undefined ? checkStart(record, event, at) : checkGiven(record, event),
  plan_adopted: (record, { version, warnings }) => checkAdopted(record, version, warnings.length > 0),
  plan_step_moved: (record, event) => checkStep(record, event),
  model_started: (record, { taskId }) => checkWorker(record, taskId, 'a request'),
  call_started: (record, { callId }) => checkWorker(record, record.calls.get(callId)?.taskId ?? ROOT, callId),
}

/** Whoever works is under way, and so are whoever has asked for it and the call that did. */
function checkWorker({ plan, calls }: SessionRecord, taskId: string, what: string): readonly Complaint[] {
  const { delegated } = plan.active.get(taskId) ?? {}
  const isWanted = (id: string) => id === ROOT || plan.active.has(id)
  const isOver = delegated !== undefined && calls.get(delegated.callId)?.isOver === true
  return complain(
    'plans: only what is under way works',
    !isWanted(taskId) || !isWanted(delegated?.parent ?? ROOT) || isOver,
    () => `${what} of ${taskId}`,
  )
}

function checkStart(
  record: SessionRecord,
  { taskId, attempt, version, callId, elements }: EventOf<'task_started'>,
  at: number,
): readonly Complaint[] {
  const { plan } = record
  const node = plan.nodes.get(taskId)
  if (node === undefined) return [{ invariant: 'plans: only the plan in force is carried out', detail: taskId }]
  const waits = waitsFor(plan, node)
  const last = plan.attempts.get(taskId) ?? 0
  return [
    ...complain(
      'plans: only the plan in force is carried out',
      version !== plan.version,
      () => `${taskId} of ${version}`,
    ),
    ...complain('plans: a task waits for what it needs', waits.length > 0, () => `${taskId} needs ${waits}`),
    ...complain('plans: a task waits for what it needs', isUnreachable(plan, node), () => `${taskId} is out of reach`),
    ...complain(
      'plans: what is completed is not done again',
      plan.completed.has(taskId),
      () => `${taskId} of version ${version}`,
    ),
    ...complain('plans: one attempt at a time', plan.active.has(taskId), () => taskId),
    ...complain(
      'plans: attempts are counted',
      // An attempt that had nothing to start with is forgotten with its version.
      attempt !== last + 1 && attempt !== (plan.begunAttempts.get(taskId) ?? 0) + 1,
      () => `${taskId}: ${attempt} after ${last}`,
    ),
    ...complain(
      'plans: nothing begins while a plan is looked at',
      plan.proposed !== null,
      () => `${taskId} while ${plan.proposed?.version} is looked at`,
    ),
    ...complain(
      'plans: a task is one call where it names a tool',
      elements === undefined && (node.task.tool !== undefined) !== (callId !== undefined),
      () => taskId,
    ),
    ...(elements === undefined ? checkRoom(record, node, at) : []),
  ]
}

/** Who waits for people keeps nobody from starting. */
function checkRoom(record: SessionRecord, { task }: PlannedRecord, at: number): readonly Complaint[] {
  const { plan, started } = record
  const all = [...plan.active.values()].filter(({ delegated }) => delegated === undefined).map(({ taskId }) => taskId)
  const busy = all.filter((taskId) => !waitsForPeople(record, taskId, at))
  const most = started?.planning?.maxParallelTasks ?? 0
  return [
    ...complain('plans: side by side under the cap', busy.length >= most, () => `${task.id} beside ${busy}`),
    ...complain('plans: who runs alone runs alone', task.exclusive === true && all.length > 0, () => `beside ${all}`),
    ...complain(
      'plans: who runs alone runs alone',
      busy.some((id) => plan.nodes.get(id)?.task.exclusive === true),
      () => `${task.id} beside ${busy}`,
    ),
  ]
}

function waitsForPeople(record: SessionRecord, taskId: string, at: number): boolean {
  const { open, calls, unknown, asking, running } = record
  if (asking.has(taskId)) return false
  const mine = [...calls.values()].filter((call) => call.taskId === taskId)
  if (mine.some(({ callId, started }) => [...started].some((attempt) => running.has(`${callId}/${attempt}`))))
    return false
  if (loopOf(record, taskId).turnCalls.some((callId) => unknown.has(callId))) return true
  const asked = new Set([...open.values()].map(({ callId }) => callId))
  const waiting = mine.filter(({ isOver }) => !isOver)
  if (waiting.length > 0) return waiting.every(({ callId }) => asked.has(callId))
  // Its answer came just now, and it has done nothing with it.
  const last = record.log.findLast(
    ({ event }) => 'callId' in event && mine.some(({ callId }) => callId === event.callId),
  )
  const ended = last?.event.type === 'call_finished' ? last.event : null
  return ended !== null && last?.at === at && record.calls.get(ended.callId)?.started.size === 0
}

function checkGiven({ plan }: SessionRecord, { taskId, delegated }: EventOf<'task_started'>): readonly Complaint[] {
  const parent = delegated?.parent ?? ''
  return complain(
    'plans: only what is under way works',
    parent !== ROOT && !plan.active.has(parent),
    () => `${taskId} of ${parent}`,
  )
}

function checkAdopted(record: SessionRecord, version: number, isWarned: boolean): readonly Complaint[] {
  const { plan, started } = record
  const { proposed } = plan
  if (proposed?.version !== version)
    return [{ invariant: 'plans: what is in force was proposed', detail: `${version}` }]
  const { planReview = 'never', maxReplans = 0 } = started?.planning ?? {}
  const wantsPeople = planReview === 'always' || (planReview === 'on_warning' && isWarned)
  const isApproved = proposed.approval === 'approved' || proposed.cause.type === 'edited'
  return [
    ...complain(
      'plans: what is in force has passed its review',
      (wantsPeople && !isApproved) || proposed.approval === 'refused' || proposed.approval === 'asked',
      () => `version ${version}: ${proposed.approval}`,
    ),
    ...complain(
      'plans: replans are counted',
      isReplan(plan, proposed) && plan.replans >= maxReplans,
      () => `version ${version} is replan ${plan.replans + 1} of ${maxReplans}`,
    ),
    ...(proposed.isNewWork ? [] : checkStanding(record, proposed)),
    ...checkSound(record, proposed),
  ]
}

/** What was skipped may have been so by somebody who did not wait for the new version. */
function isStanding(node: PlannedRecord): boolean {
  return stands(node) && node.status !== 'skipped'
}

/** What is done, runs or waits for people stands in the next version as it is. */
function checkStanding({ plan }: SessionRecord, { version, tasks }: ProposedRecord): readonly Complaint[] {
  const next = new Map(tasks.map((task) => [task.id, task]))
  // An element stands where the task that it is of does.
  const changed = [...plan.nodes.values()].filter(({ element, task, status }) =>
    element === null
      ? !isSame(task, next.get(task.id))
      : status === 'active' && !isSame(plan.nodes.get(task.parent ?? '')?.task, next.get(task.parent ?? '')),
  )
  return complain(
    'plans: what stands is not changed by a new version',
    changed.some(isStanding),
    () => `version ${version}: ${changed.filter(isStanding).map(({ task }) => task.id)}`,
  )
}

function isSame(one: unknown, other: unknown): boolean {
  // Parts of events are JSON.
  return canonicalJson([(one ?? null) as never]) === canonicalJson([(other ?? null) as never])
}

/** Of what is in force every name means something, and nothing waits for itself. */
function checkSound({ started }: SessionRecord, { mode, tasks, taskCount }: ProposedRecord): readonly Complaint[] {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const before = (id: string) => {
    const task = byId.get(id)
    const children = tasks.filter(({ parent }) => parent === id).map((child) => child.id)
    return task === undefined ? [] : [...needsOf(task), ...children]
  }
  const isLost = tasks.some(({ id, parent = id }) => [parent, ...before(id)].some((each) => !byId.has(each)))
  const complete = new Set<string>()
  // Whatever waits for nothing else goes; what is left waits for itself.
  for (let isMoving = true; isMoving; ) {
    const ready = tasks.filter(({ id }) => !complete.has(id) && before(id).every((each) => complete.has(each)))
    isMoving = ready.length > 0
    for (const { id } of ready) complete.add(id)
  }
  const isWhole = tasks.length === taskCount && byId.size === tasks.length
  return complain(
    'plans: what is in force is sound',
    !isWhole || isLost || (started !== null && mode === 'strict' && complete.size < tasks.length),
    () => `${tasks.length} of ${taskCount} tasks, ${complete.size} that can be carried out`,
  )
}

/** Of the steps that the model moves itself one is in progress. */
function checkStep(
  { plan, calls }: SessionRecord,
  { taskId, status, callId }: EventOf<'plan_step_moved'>,
): readonly Complaint[] {
  if (status !== 'in_progress' || calls.get(callId)?.tool !== 'update_plan') return []
  const given = new Set([...plan.active.values()].map(({ delegated }) => delegated?.step))
  const others = [...plan.nodes].filter(([id, node]) => id !== taskId && node.status === 'active' && !given.has(id))
  return complain(
    'plans: one step in progress',
    others.length > 0,
    () => `${taskId} beside ${others.map(([id]) => id)}`,
  )
}
