/** A version comes into force: its tasks as nodes, with those of the version before that stand as they were. */
import { Draft } from '../draft.ts'
import type { State } from '../state.ts'
import type { PlanTask } from './plan.ts'
import { type PlanGraph, planGraph } from './plan-graph.ts'
import { freshNode, type PlanState, type PlanVersion, type TaskNode } from './plan-state.ts'
import { type Changing, release, spreadEnd } from './spread.ts'

/** A state's plan with this version in force. The old one is left as it is, so that an undo has only to put it back. */
export function adopted(state: State, before: PlanState, version: PlanVersion): PlanState {
  const plan: PlanState = {
    ...before,
    version: version.version,
    mode: version.mode,
    goal: version.goal,
    notes: version.notes,
    nodes: new Map(),
    pending: null,
    request: null,
    failuresInARow: 0,
    ready: [],
    retrying: new Set(),
    unrecovered: new Set(),
    failed: new Set(),
    skipped: new Set(),
  }
  const isNew = isNewWork(before, version)
  for (const task of version.tasks) {
    const node = nodeFor(task, before, { order: plan.nodes.size, isNew })
    plan.nodes.set(task.id, node)
    if (node.status === 'skipped') plan.skipped.add(task.id)
  }
  if (!isNew) keepElements(plan, before)
  link(plan)
  // Nothing of the new plan is shared with the old one, so there is nothing to undo one by one.
  start({ draft: new Draft(state), plan, at: state.at })
  return plan
}

/** Whether a task has to stand in the next version as it is: it has an end that counts, or it or a part of it is being worked on. */
export function isPinned(plan: PlanState, node: TaskNode): boolean {
  const { status, children, childrenFailed, outOfReach } = node
  if (children.length === 0) return status === 'completed' || status === 'in_progress' || status === 'skipped'
  if (status === 'skipped' || childrenFailed > 0 || outOfReach > 0) return status === 'skipped'
  return children.some((id) => {
    const child = plan.nodes.get(id)
    return child !== undefined && isPinned(plan, child)
  })
}

/** Nothing of the version before it counts: it is about another piece of work, or the model has begun anew. */
export function isNewWork({ versions }: PlanState, version: PlanVersion): boolean {
  const edited = versions.findLast((each) => each.version <= version.version && each.cause.type !== 'edited')
  const { type } = (edited ?? version).cause
  return type === 'planned' || type === 'given' || type === 'template' || type === 'call'
}

type Place = { readonly order: number; readonly isNew: boolean }

function nodeFor(task: PlanTask, plan: PlanState, { order, isNew }: Place): TaskNode {
  const fresh = freshNode(task, order)
  const before = plan.nodes.get(task.id)
  if (before === undefined) return fresh
  if (isNew) return { ...fresh, attempt: before.attempt }
  if (!isPinned(plan, before)) return { ...fresh, attempt: before.attempt, callId: before.callId }
  return { ...before, order, rank: order, children: [], dependents: [], waitingFor: 0, outOfReach: 0 }
}

/** The children of a task with `forEach` are in no plan: they go where it goes. */
function keepElements(plan: PlanState, before: PlanState): void {
  for (const [id, node] of before.nodes) {
    const parent = before.nodes.get(node.task.parent ?? '')
    if (node.element === null || parent === undefined || !plan.nodes.has(parent.task.id)) continue
    if (!isPinned(before, parent)) continue
    plan.nodes.set(id, { ...node, order: plan.nodes.size, children: [], dependents: [], waitingFor: 0, outOfReach: 0 })
  }
}

function link(plan: PlanState): void {
  const nodes = [...plan.nodes.values()]
  const graph = planGraph(nodes.map(({ task }) => task))
  for (const node of nodes) {
    const { id, parent } = node.task
    node.dependents = [...(graph.dependents.get(id) ?? [])]
    node.children = [...(graph.children.get(id) ?? [])]
    node.waitingFor = (graph.dependencies.get(id)?.length ?? 0) + (parent === undefined ? 0 : 1)
    node.childrenLeft = node.children.length
    node.childrenFailed = 0
    // A parent ends with its last child, also here.
    if (node.children.length > 0 && node.status !== 'skipped') node.status = 'pending'
  }
  rankAll(plan, graph)
}

/** Longest remaining path first, then plan order. */
function rankAll(plan: PlanState, { longestMs }: PlanGraph): void {
  const nodes = [...plan.nodes.values()]
  const remaining = ({ task }: TaskNode) => longestMs.get(task.id) ?? 0
  nodes.sort((one, other) => remaining(other) - remaining(one) || one.order - other.order)
  plan.byRank = new Map(nodes.map(({ task }, rank) => [rank, task.id]))
  for (const [rank, node] of nodes.entries()) node.rank = rank
}

function start(changing: Changing): void {
  const nodes = [...changing.plan.nodes.values()]
  // Who is let go by a parent waits for nothing either, and is released by it.
  const first = nodes.filter(({ waitingFor }) => waitingFor === 0)
  for (const node of first) release(changing, node)
  for (const node of nodes) if (hasEnded(node)) spreadEnd(changing, node)
}

function hasEnded({ status, children }: TaskNode): boolean {
  // A parent ends with its last child.
  return children.length === 0 && (status === 'completed' || status === 'skipped')
}
