/**
 * What the end of one task means for the others: who is ready, and who is out of reach. Each edge of the plan is walked once for
 * each change of its front, so that a plan of N tasks and E edges costs O(N + E) in all.
 */
import type { Draft } from '../draft.ts'
import { namedInReferences } from './plan-graph.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { dropStale, pushRank } from './ready-heap.ts'

/** A plan under change, at a moment. */
export type Changing = { readonly draft: Draft; readonly plan: PlanState; readonly at: number }

/** It may start as soon as there is room. */
export function isReady(node: TaskNode): boolean {
  const { status, waitingFor, outOfReach, retryAt, children } = node
  return status === 'pending' && waitingFor === 0 && outOfReach === 0 && retryAt === null && children.length === 0
}

/** A dependency will never be there, unless somebody decides otherwise. */
export function isOutOfReach(node: TaskNode): boolean {
  return node.status === 'pending' && node.outOfReach > 0
}

/** Puts it where dispatch finds it; a parent lets its children go. */
export function release(changing: Changing, node: TaskNode): void {
  const { draft, plan } = changing
  if (node.status !== 'pending' || node.waitingFor > 0 || node.outOfReach > 0) return
  if (node.children.length === 0) return pushRank(draft, plan.ready, node.rank)
  for (const child of childrenOf(plan, node)) countDown(changing, child)
}

export function dropWhatIsNotReady({ draft, plan }: Changing): void {
  dropStale(draft, plan.ready, (rank) => {
    const node = plan.nodes.get(plan.byRank.get(rank) ?? '')
    return node === undefined || !isReady(node)
  })
}

/** Its result is there, or it was skipped: its dependents wait for one less. */
export function spreadEnd(changing: Changing, node: TaskNode): void {
  const { plan } = changing
  for (const dependent of dependentsOf(plan, node)) {
    if (node.status === 'skipped' && needsResult(dependent, node)) block(changing, dependent)
    else countDown(changing, dependent)
  }
  const parent = parentOf(plan, node)
  if (parent !== undefined) countChild(changing, parent)
}

/** It has failed and nothing is being done about it: exactly what needs it is out of reach. */
export function spreadFailure(changing: Changing, node: TaskNode): void {
  walk(changing, node, 1)
}

/** Somebody has decided that it is tried again, or skipped: what `spreadFailure` did is undone. */
export function spreadRevival(changing: Changing, node: TaskNode): void {
  walk(changing, node, -1)
}

function block(changing: Changing, node: TaskNode): void {
  changing.draft.count(node, 'outOfReach', 1)
  if (node.outOfReach === 1) walk(changing, node, 1)
}

/** A list of what is left to do instead of recursion: a chain may be as long as a plan. */
function walk(changing: Changing, first: TaskNode, by: 1 | -1): void {
  const { draft, plan } = changing
  const open: TaskNode[] = [first]
  const reach = (node: TaskNode) => {
    draft.count(node, 'outOfReach', by)
    if (node.status !== 'pending') return
    if (node.outOfReach === (by === 1 ? 1 : 0)) open.push(node)
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const dependent of dependentsOf(plan, node)) {
      if (dependent.task.needs !== 'settled') reach(dependent)
      else if (by === 1) countDown(changing, dependent)
      else draft.count(dependent, 'waitingFor', 1)
    }
    if (node.status === 'pending') for (const child of childrenOf(plan, node)) reach(child)
    const parent = parentOf(plan, node)
    if (parent !== undefined && failsWith(changing, { parent, node, by })) open.push(parent)
    if (by === -1) release(changing, node)
  }
}

type Family = { readonly parent: TaskNode; readonly node: TaskNode; readonly by: 1 | -1 }

/** A parent fails when the first required child does, and is open again when none of them has failed. */
function failsWith(changing: Changing, { parent, node, by }: Family): boolean {
  const { draft } = changing
  if (node.task.optional === true) {
    if (by === 1) countChild(changing, parent)
    else draft.count(parent, 'childrenLeft', 1)
    return false
  }
  draft.count(parent, 'childrenFailed', by)
  if (parent.childrenFailed !== (by === 1 ? 1 : 0) || parent.outOfReach > 0) return false
  draft.set(parent, 'status', by === 1 ? 'failed' : 'pending')
  draft.set(parent, 'endedAt', by === 1 ? changing.at : null)
  return true
}

function countDown(changing: Changing, node: TaskNode): void {
  changing.draft.count(node, 'waitingFor', -1)
  if (node.waitingFor === 0) release(changing, node)
}

/** The last child that ends completes its parent. */
function countChild(changing: Changing, parent: TaskNode): void {
  const { draft, at } = changing
  draft.count(parent, 'childrenLeft', -1)
  if (parent.childrenLeft > 0 || parent.childrenFailed > 0 || parent.status === 'completed') return
  draft.set(parent, 'status', 'completed')
  draft.set(parent, 'endedAt', at)
  spreadEnd(changing, parent)
}

function needsResult(dependent: TaskNode, { task }: TaskNode): boolean {
  return dependent.task.needs !== 'settled' && namedInReferences(dependent.task).includes(task.id)
}

function parentOf(plan: PlanState, { task }: TaskNode): TaskNode | undefined {
  return task.parent === undefined ? undefined : plan.nodes.get(task.parent)
}

function dependentsOf(plan: PlanState, { dependents }: TaskNode): readonly TaskNode[] {
  return dependents.flatMap((id) => plan.nodes.get(id) ?? [])
}

function childrenOf(plan: PlanState, { children }: TaskNode): readonly TaskNode[] {
  return children.flatMap((id) => plan.nodes.get(id) ?? [])
}
