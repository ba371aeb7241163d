/** A version comes into force: its tasks as nodes, with those of the version before that stand as they were. */
import { Draft } from '../draft.ts'
import type { State } from '../state.ts'
import { elementTask } from './element-task.ts'
import type { PlanTask } from './plan.ts'
import { type PlanGraph, planGraph } from './plan-graph.ts'
import { freshNode, type PlanState, type PlanVersion, type TaskNode } from './plan-state.ts'
import { isSameJson } from './same-json.ts'
import { type Changing, release, spreadEnd, spreadFailure } from './spread.ts'

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
    unasked: new Set(),
    skipped: new Set(),
    questionsStale: before.questions.length,
  }
  const isNew = isNewWork(before, version)
  for (const task of version.tasks) {
    const begun = state.tasks.get(task.id)?.attempt ?? 0
    const node = nodeFor(task, before, { order: plan.nodes.size, isNew, begun })
    plan.nodes.set(task.id, node)
    if (node.status === 'skipped') plan.skipped.add(task.id)
  }
  if (!isNew) keepElements(plan, before)
  link(plan)
  // Nothing of the new plan is shared with the old one, so there is nothing to undo one by one.
  start({ draft: new Draft(state), plan, at: state.at })
  return plan
}

/** The plan with everything counted anew: somebody has decided of a task that had failed. The old one is left as it is. */
export function recounted(state: State, before: PlanState): PlanState {
  const nodes = [...before.nodes].map(([id, node]) => [id, unlinked(node, node.order)] as const)
  const plan: PlanState = { ...before, nodes: new Map(nodes), ready: [] }
  link(plan)
  const changing = { draft: new Draft(state), plan, at: state.at }
  start(changing)
  for (const id of plan.failed) {
    const node = plan.nodes.get(id)
    if (node !== undefined) spreadFailure(changing, node)
  }
  // Parents are as they were when they ended.
  for (const [id, { endedAt, status }] of before.nodes) {
    const node = plan.nodes.get(id)
    if (node !== undefined && node.status === status) node.endedAt = endedAt
  }
  return plan
}

/** Whether a task has to stand in the next version as it is: it has an end that counts, or it or a part of it is being worked on. */
export function isPinned(plan: PlanState, node: TaskNode): boolean {
  const { status, children, childrenFailed, outOfReach } = node
  if (children.length === 0) return status === 'completed' || status === 'in_progress' || status === 'skipped'
  if (status === 'skipped') return true
  const parts = children.flatMap((id) => plan.nodes.get(id) ?? [])
  // What has failed may be replaced, but not under somebody who works on a part of it.
  if (childrenFailed > 0 || outOfReach > 0) return parts.some((part) => isUnderWay(plan, part))
  return parts.some((part) => isPinned(plan, part))
}

function isUnderWay(plan: PlanState, { status, children }: TaskNode): boolean {
  if (children.length === 0) return status === 'in_progress'
  return children.flatMap((id) => plan.nodes.get(id) ?? []).some((part) => isUnderWay(plan, part))
}

/** Nothing of the version before it counts: it is about another piece of work, or the model has begun anew. */
export function isNewWork({ versions }: PlanState, version: PlanVersion): boolean {
  const edited = versions.findLast((each) => each.version <= version.version && each.cause.type !== 'edited')
  const { type } = (edited ?? version).cause
  return type === 'planned' || type === 'given' || type === 'template' || type === 'call'
}

/** `begun`: how often a task of its id was begun under any version. */
type Place = { readonly order: number; readonly isNew: boolean; readonly begun: number }

function nodeFor(task: PlanTask, plan: PlanState, { order, isNew, begun }: Place): TaskNode {
  const fresh = { ...freshNode(task, order), attempt: begun }
  const before = plan.nodes.get(task.id)
  if (before === undefined) return fresh
  if (isNew) return { ...fresh, attempt: before.attempt }
  // Its elements, where it is about the same array: children that go on are about them.
  const items = isSameJson(task.forEach, before.task.forEach) ? before.items : undefined
  if (!isPinned(plan, before)) return { ...fresh, attempt: before.attempt, callId: before.callId, items }
  return unlinked(before, order)
}

/**
 * The children of a task with `forEach` are in no plan: they go where it goes, for as long as it is about the same array. What has
 * ended well stands, also where the task is another by now; everything else is tried again, as the task says now.
 */
function keepElements(plan: PlanState, before: PlanState): void {
  for (const [id, node] of before.nodes) {
    const parent = before.nodes.get(node.task.parent ?? '')?.task
    const now = plan.nodes.get(parent?.id ?? '')?.task
    const { element, attempt, callId } = node
    if (element === null || now?.forEach === undefined || !isSameJson(now.forEach, parent?.forEach)) continue
    const order = plan.nodes.size
    const again = { ...freshNode(elementTask(now, element), order), element, attempt, callId }
    const kept = isPinned(before, node) ? node : again
    plan.nodes.set(id, unlinked(kept, order))
    if (kept.status === 'skipped') plan.skipped.add(id)
  }
}

function unlinked(node: TaskNode, order: number): TaskNode {
  return { ...node, order, rank: order, children: [], dependents: [], waitingFor: 0, outOfReach: 0 }
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
    node.childrenOpen = node.children.length
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
