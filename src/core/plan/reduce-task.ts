import type { Draft } from '../draft.ts'
import type { EventOf } from '../event.ts'
import { proposedCall } from '../proposed-call.ts'
import { unpark } from '../reduce-session.ts'
import type { Reducers } from '../reducers.ts'
import type { State } from '../state.ts'
import { recounted } from './adopt.ts'
import { startDelegated, taskFor } from './begin-task.ts'
import { elementTask } from './element-task.ts'
import { elementsOf, inputOf } from './inputs.ts'
import { freshNode, type PlanState, type TaskNode } from './plan-state.ts'
import { planOf } from './reduce-plan.ts'
import { type Changing, dropWhatIsNotReady, isReady, release, spreadEnd, spreadFailure } from './spread.ts'

export const taskReducers: Reducers<'task_started' | 'task_finished' | 'task_failed' | 'recovery_chosen'> = {
  task_started(draft, event, at) {
    const { state } = draft
    if (event.delegated !== undefined) return startDelegated(draft, event)
    const plan = planOf(draft)
    const node = plan.nodes.get(event.taskId)
    if (node === undefined) return
    draft.set(node, 'attempt', event.attempt)
    draft.set(node, 'startedAt', at)
    draft.set(node, 'retryAt', null)
    draft.drop(plan.retrying, event.taskId)
    const changing = { draft, plan, at }
    if (event.elements !== undefined) return startElements(state, changing, { node, event })
    draft.set(node, 'status', 'in_progress')
    draft.add(plan.running, event.taskId)
    dropWhatIsNotReady(changing)
    const task = taskFor(state, node, event)
    draft.replace(state.tasks, event.taskId, task)
    draft.add(state.index.active, event.taskId)
    if (event.callId === undefined) return
    draft.set(node, 'callId', event.callId)
    const { taskId } = task
    const call = proposedCall({
      taskId,
      turn: task.turn,
      callId: event.callId,
      tool: node.task.tool ?? '',
      providerCallId: '',
    })
    draft.put(state.calls, event.callId, { ...call, input: event.input ?? inputOf(state, node) ?? null })
  },
  task_finished(draft, event, at) {
    const { state } = draft
    draft.drop(state.index.active, event.taskId)
    const task = state.tasks.get(event.taskId)
    if (task !== undefined) draft.set(task, 'phase', 'answered')
    const { plan } = state
    const node = plan?.nodes.get(event.taskId)
    if (plan === null || node === undefined) return
    leaveAll(draft, plan, event.taskId)
    draft.set(node, 'status', event.status)
    draft.set(node, 'endedAt', at)
    draft.set(node, 'reason', event.reason ?? null)
    if (event.output !== undefined) draft.set(node, 'output', event.output)
    if (event.status === 'skipped') draft.add(plan.skipped, event.taskId)
    if (event.status === 'completed') draft.set(plan, 'failuresInARow', 0)
    const changing = { draft, plan, at }
    if (event.status !== 'cancelled') spreadEnd(changing, node)
    dropWhatIsNotReady(changing)
  },
  task_failed(draft, event, at) {
    const { state } = draft
    const { failure, message } = event
    const task = state.tasks.get(event.taskId)
    if (task !== undefined) {
      draft.set(task, 'phase', 'failed')
      draft.set(task, 'failure', { failure, message })
      draft.drop(state.index.active, event.taskId)
    }
    const { plan } = state
    const node = plan?.nodes.get(event.taskId)
    if (plan === null || node === undefined) return
    draft.drop(plan.running, event.taskId)
    // One that was to be tried again may fail before it has begun.
    draft.drop(plan.retrying, event.taskId)
    draft.set(node, 'retryAt', null)
    draft.set(node, 'status', 'failed')
    draft.set(node, 'failure', { failure, message })
    draft.set(node, 'endedAt', at)
    if (event.attempt !== undefined) draft.set(node, 'attempt', event.attempt)
    draft.add(plan.unrecovered, event.taskId)
    dropWhatIsNotReady({ draft, plan, at })
  },
  recovery_chosen(draft, event, at) {
    if (event.by !== undefined) revive(draft, event)
    const { plan } = draft.state
    const node = plan?.nodes.get(event.taskId)
    if (plan === null || node === undefined) return
    const changing = { draft, plan, at }
    draft.drop(plan.unrecovered, event.taskId)
    draft.set(node, 'recovery', event.action)
    draft.set(node, 'recoveries', { ...node.recoveries, [event.action]: (node.recoveries[event.action] ?? 0) + 1 })
    recover(changing, node, event)
  },
}

function recover(changing: Changing, node: TaskNode, event: EventOf<'recovery_chosen'>): void {
  const { draft, plan } = changing
  const { taskId, failure, action } = event
  switch (action) {
    case 'retry':
      return retry(changing, node, event)
    case 'skip':
      // `task_finished` follows in the same commit.
      return
    case 'abort':
      draft.set(plan, 'isAborted', true)
      return
    case 'escalate':
      giveUp(changing, node)
      leaveToPeople(draft, plan, node)
      return dropRequest(draft, plan, taskId)
    case 'replan':
    case 'decompose': {
      giveUp(changing, node)
      const cause =
        action === 'decompose'
          ? ({ type: 'decompose', taskId, failure } as const)
          : ({ type: 'replan', taskIds: [...plan.failed].sort(), failure } as const)
      draft.set(plan, 'request', { cause, mode: plan.mode, attempts: 0, repeats: 0, problems: [] })
    }
  }
}

function retry({ draft, plan, at }: Changing, node: TaskNode, event: EventOf<'recovery_chosen'>): void {
  draft.set(node, 'status', 'pending')
  draft.set(node, 'endedAt', null)
  if (event.hint !== undefined) draft.set(node, 'hint', event.hint)
  if (event.input !== undefined) draft.set(node, 'input', event.input)
  if (event.retryAt === undefined) release({ draft, plan, at }, node)
  else {
    draft.set(node, 'retryAt', event.retryAt)
    draft.add(plan.retrying, event.taskId)
  }
}

/** What recovery did not absorb counts, and exactly what needs the task is out of reach. */
function giveUp(changing: Changing, node: TaskNode): void {
  const { draft, plan } = changing
  const { id } = node.task
  if (plan.failed.has(id)) return
  draft.add(plan.failed, id)
  draft.count(plan, 'failuresInARow', 1)
  spreadFailure(changing, node)
}

/** A person has decided: what was given up is open again. */
function revive(draft: Draft, { taskId, action }: EventOf<'recovery_chosen'>): void {
  const { state } = draft
  const { plan } = state
  const node = plan?.nodes.get(taskId)
  if (plan === null || node === undefined) return
  unpark(draft)
  draft.set(node, 'approvalId', null)
  if (!plan.failed.has(taskId) || (action !== 'retry' && action !== 'skip')) return
  draft.drop(plan.failed, taskId)
  draft.drop(plan.unasked, taskId)
  forgetRequest(draft, plan)
  // Its dependents are open again before it ends anew.
  draft.set(state, 'plan', recounted(state, plan))
}

/** A plan is wanted only for what has failed still. */
function forgetRequest(draft: Draft, plan: PlanState): void {
  const { request } = plan
  if (request === null || request.cause.type === 'planned') return
  const { cause } = request
  const ids = (cause.type === 'replan' ? cause.taskIds : [cause.taskId]).filter((id) => plan.failed.has(id))
  if (ids.length === 0) draft.set(plan, 'request', null)
  else if (cause.type === 'replan') draft.set(plan, 'request', { ...request, cause: { ...cause, taskIds: ids } })
}

/** The planner found none for it: the version in force stays, and people are asked about all that it was to help. */
function dropRequest(draft: Draft, plan: PlanState, taskId: string): void {
  const { cause } = plan.request ?? {}
  if (cause === undefined || cause.type === 'planned') return
  const ids = cause.type === 'replan' ? cause.taskIds : [cause.taskId]
  if (!ids.includes(taskId)) return
  draft.set(plan, 'request', null)
  for (const id of ids) {
    const node = plan.nodes.get(id)
    if (node === undefined || !plan.failed.has(id)) continue
    draft.set(node, 'recovery', 'escalate')
    leaveToPeople(draft, plan, node)
  }
}

/** Whoever was asked already is not asked again. */
function leaveToPeople(draft: Draft, plan: PlanState, { task, approvalId }: TaskNode): void {
  if (approvalId === null) draft.add(plan.unasked, task.id)
}

type Elements = { readonly node: TaskNode; readonly event: EventOf<'task_started'> }

/** The children of a task with `forEach`, one for each element; ready at once. */
function startElements(state: State, changing: Changing, { node, event }: Elements): void {
  const { draft, plan } = changing
  const { elements: count = 0, items } = event
  if (items !== undefined) draft.set(node, 'items', items)
  const elements = items ?? elementsOf(state, node) ?? []
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const child = freshNode(elementTask(node.task, index), plan.nodes.size)
    child.attempt = state.tasks.get(child.task.id)?.attempt ?? 0
    child.element = index
    child.rank = node.rank + (index + 1) / (count + 1)
    ids.push(child.task.id)
    draft.put(plan.nodes, child.task.id, child)
    draft.put(plan.byRank, child.rank, child.task.id)
  }
  draft.set(node, 'children', ids)
  draft.set(node, 'childrenLeft', elements.length === 0 ? 0 : count)
  draft.set(node, 'childrenOpen', count)
  dropWhatIsNotReady(changing)
  for (const child of ids) {
    const started = plan.nodes.get(child)
    if (started !== undefined && isReady(started)) release(changing, started)
  }
}

function leaveAll(draft: Draft, plan: PlanState, taskId: string): void {
  draft.drop(plan.running, taskId)
  draft.drop(plan.retrying, taskId)
  draft.drop(plan.unrecovered, taskId)
  draft.drop(plan.failed, taskId)
  draft.drop(plan.unasked, taskId)
}
