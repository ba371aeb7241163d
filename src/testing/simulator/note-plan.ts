/** Notes events about plans and their tasks in an observer's record, beside the reducers and not from them. */
import type { EventKind, EventOf, PlanTask } from '../../core/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { beginTurn } from './begin-turn.ts'
import { asJson } from './draw-plan.ts'
import { childrenOf, injectedInto } from './plan-reach.ts'
import { freshPlanned, type PlannedRecord, type PlanRecord, type ProposedRecord } from './plan-record.ts'
import { freshCall, loopOf, ROOT, type SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

type Noting = { readonly seq: number; readonly expected: Expected }
type Notes = { readonly [K in EventKind]?: (record: SessionRecord, event: EventOf<K>, noting: Noting) => void }

export const planNotes: Notes = {
  route_chosen: (record, { route }, { seq }) => {
    record.plan.isExecuting = route === 'plan_and_subagent'
    record.plan.routedSeq = seq
    record.plan.messageSeq = record.said.at(-1)?.seq ?? 0
    beginTurn(loopOf(record, ROOT))
  },
  plan_proposed: ({ plan }, { version, mode, cause, tasks, taskCount }, { seq }) => {
    if (cause.type !== 'edited') plan.isNewWork = newWork.has(cause.type)
    const { isNewWork } = plan
    plan.proposed = { version, seq, mode, cause, tasks: [...tasks], taskCount, isNewWork, approval: 'none' }
    if (mode === 'flexible') return
    plan.isExecuting = true
    plan.routedSeq = Math.max(plan.routedSeq, seq)
  },
  plan_tasks_listed: ({ plan }, { tasks }) => {
    plan.proposed?.tasks.push(...tasks)
  },
  plan_rejected: (record) => {
    record.plan.proposed = null
    beginTurn(loopOf(record, ROOT))
  },
  plan_adopted: (record, { version }) => {
    const { plan } = record
    const { proposed } = plan
    if (proposed?.version !== version) return
    if (isReplan(plan, proposed)) plan.replans += 1
    adopt(plan, proposed)
    beginTurn(loopOf(record, ROOT))
  },
  plan_step_moved: ({ plan }, { taskId, status, result }) => {
    const node = plan.nodes.get(taskId)
    if (node === undefined) return
    node.status = status === 'in_progress' ? 'active' : status
    if (result !== undefined) node.output = result
  },
  task_started: (record, event, { expected }) => {
    const { plan } = record
    const { taskId, attempt, callId, elements, delegated } = event
    const node = plan.nodes.get(taskId)
    if (delegated === undefined) {
      plan.attempts.set(taskId, attempt)
      if (elements === undefined) plan.begunAttempts.set(taskId, attempt)
    }
    if (elements !== undefined && node !== undefined) return fanOut(plan, node, elements)
    plan.active.set(taskId, event)
    const loop = loopOf(record, taskId)
    beginTurn(loop)
    loop.turns = 0
    loop.isTurnOpen = false
    loop.turnCalls = callId === undefined ? [] : [callId]
    if (node === undefined || delegated !== undefined) return
    node.status = 'active'
    if (callId === undefined) return
    node.callId = callId
    const tool = node.task.tool ?? ''
    const effect = expected.effectOf(tool)
    const input = injectedInto(record, node)
    const isWrite = effect === 'unsafe' || effect === 'idempotent'
    record.calls.set(callId, { ...freshCall({ callId, taskId, tool, isWrite, input }), injected: input })
  },
  task_finished: ({ plan }, { taskId, status, output }) => {
    plan.active.delete(taskId)
    const node = plan.nodes.get(taskId)
    if (node === undefined) return
    node.status = status
    node.isGivenUp = false
    if (output !== undefined) node.output = output
    if (status === 'completed') plan.completed.add(taskId)
  },
  task_failed: ({ plan }, { taskId, attempt }) => {
    plan.active.delete(taskId)
    const node = plan.nodes.get(taskId)
    if (node === undefined) return
    node.status = 'failed'
    if (attempt !== undefined) plan.attempts.set(taskId, attempt)
  },
  recovery_chosen: (record, { taskId, action, by, input }) => {
    beginTurn(loopOf(record, ROOT))
    const node = record.plan.nodes.get(taskId)
    if (node === undefined) return
    if (by === undefined) node.chosen.set(action, (node.chosen.get(action) ?? 0) + 1)
    if (input !== undefined) node.input = input
    if (action === 'retry') node.status = 'pending'
    node.isGivenUp = givesUp.has(action)
  },
}

const newWork: ReadonlySet<string> = new Set(['planned', 'given', 'template', 'call'])
const givesUp: ReadonlySet<string> = new Set(['replan', 'decompose', 'escalate'])

/** A message, or more budget, has opened a session again: what its end has cut off is to be done. */
export function reopenPlan({ plan }: SessionRecord): void {
  if (plan.mode === 'strict')
    for (const node of plan.nodes.values()) if (node.status === 'cancelled') node.status = 'pending'
}

/** Takes the place of another that was not done yet. */
export function isReplan({ mode, nodes, versionSeq, messageSeq }: PlanRecord, { cause }: ProposedRecord): boolean {
  if (cause.type === 'replan' || cause.type === 'decompose') return true
  const isOpen = [...nodes.values()].some(({ status }) => status === 'pending' || status === 'active')
  // A plan for an older message is no plan for this one.
  return cause.type === 'call' && mode === 'flexible' && versionSeq > messageSeq && isOpen
}

/** Whether it has to stand in the next version as it is. */
export function stands(node: PlannedRecord | undefined): boolean {
  return node?.status === 'completed' || node?.status === 'active' || node?.status === 'skipped'
}

function adopt(plan: PlanRecord, { version, seq, mode, tasks, isNewWork }: ProposedRecord): void {
  const before = new Map(plan.nodes)
  const elements = (id: string) => childrenOf({ ...plan, nodes: before }, id).filter(({ element }) => element !== null)
  const stood = (task: PlanTask) => {
    const known = before.get(task.id)
    if (isNewWork || known === undefined) return false
    // Elements stand with a task that is the same word for word.
    return stands(known) || (elements(task.id).length > 0 && isSameTask(task, known.task))
  }
  plan.version = version
  plan.versionSeq = seq
  plan.mode = mode
  plan.proposed = null
  plan.nodes.clear()
  if (isNewWork) plan.completed.clear()
  for (const task of tasks) {
    const known = before.get(task.id)
    plan.nodes.set(task.id, known !== undefined && stood(task) ? known : freshPlanned(task))
  }
  for (const task of tasks)
    if (stood(task))
      for (const each of elements(task.id)) plan.nodes.set(each.task.id, stands(each) ? each : again(each))
}

function isSameTask(one: PlanTask, other: PlanTask): boolean {
  return canonicalJson(asJson(one)) === canonicalJson(asJson(other))
}

function again({ task, element }: PlannedRecord): PlannedRecord {
  return freshPlanned(task, element)
}

function fanOut(plan: PlanRecord, { task }: PlannedRecord, count: number): void {
  const { forEach: _, parent: __, dependsOn: ___, ...own } = task
  for (let index = 0; index < count; index += 1) {
    const id = `${task.id}/${index}`
    plan.nodes.set(id, freshPlanned({ ...own, id, parent: task.id, dependsOn: [] }, index))
    plan.completed.delete(id)
  }
}
