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
    if (status !== 'completed') return
    plan.completed.add(taskId)
    plan.failuresInARow = 0
  },
  task_failed: ({ plan }, { taskId, attempt }) => {
    plan.active.delete(taskId)
    const node = plan.nodes.get(taskId)
    if (node === undefined) return
    node.status = 'failed'
    if (attempt !== undefined) plan.attempts.set(taskId, attempt)
  },
  recovery_chosen: (record, { taskId, action, input }) => {
    beginTurn(loopOf(record, ROOT))
    const node = record.plan.nodes.get(taskId)
    if (node === undefined) return
    node.chosen.set(action, (node.chosen.get(action) ?? 0) + 1)
    if (givesUp.has(action) && !node.isGivenUp) record.plan.failuresInARow += 1
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
  if (cause.type === 'replan' || cause.type === 'decompose' || cause.type === 'patch') return true
  const isOpen = [...nodes.values()].some(({ status }) => status === 'pending' || status === 'active')
  // A plan for an older message is no plan for this one.
  return cause.type === 'call' && mode === 'flexible' && versionSeq > messageSeq && isOpen
}

/** Whether it has to stand in the next version as it is. */
export function stands(node: PlannedRecord | undefined): boolean {
  return node?.status === 'completed' || node?.status === 'active' || node?.status === 'skipped'
}

function adopt(plan: PlanRecord, { version, seq, mode, tasks, isNewWork }: ProposedRecord): void {
  const before: PlanRecord = { ...plan, nodes: new Map(plan.nodes) }
  plan.version = version
  plan.versionSeq = seq
  plan.mode = mode
  plan.proposed = null
  plan.failuresInARow = 0
  plan.nodes.clear()
  if (isNewWork) plan.completed.clear()
  for (const task of tasks) {
    const known = before.nodes.get(task.id)
    plan.nodes.set(task.id, !isNewWork && known !== undefined && stands(known) ? known : freshPlanned(task))
  }
  if (!isNewWork) for (const task of tasks) keepElements(plan, before, task)
}

/** For as long as the array is the same: what stands does, and the rest is done as the task says now. */
function keepElements(plan: PlanRecord, before: PlanRecord, task: PlanTask): void {
  const { forEach } = before.nodes.get(task.id)?.task ?? {}
  if (forEach === undefined || canonicalJson(asJson(forEach)) !== canonicalJson(asJson(task.forEach ?? null))) return
  for (const each of childrenOf(before, task.id)) {
    const { element } = each
    if (element === null) continue
    plan.nodes.set(each.task.id, stands(each) ? each : freshPlanned(elementOf(task, element), element))
  }
}

function elementOf(task: PlanTask, index: number): PlanTask {
  const { forEach: _, parent: __, dependsOn: ___, ...own } = task
  return { ...own, id: `${task.id}/${index}`, parent: task.id, dependsOn: [] }
}

function fanOut(plan: PlanRecord, { task }: PlannedRecord, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const each = elementOf(task, index)
    plan.nodes.set(each.id, freshPlanned(each, index))
    plan.completed.delete(each.id)
  }
}
