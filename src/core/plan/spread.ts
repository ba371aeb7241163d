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
  const { status, waitingFor, outOfReach, childrenFailed } = node
  // The others of a child that has failed go on.
  const isOpen = status === 'pending' || childrenFailed > 0
  if (!isOpen || waitingFor > 0 || outOfReach > 0) return
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
    if (dependent.task.needs === 'settled') continue
    if (node.status === 'skipped' && needsResult(dependent, node)) block(changing, dependent)
    else countDown(changing, dependent)
  }
  const parent = parentOf(plan, node)
  if (parent !== undefined) countChild(changing, parent)
  settle(changing, node)
}

/** It has failed and nothing is being done about it: exactly what needs it is out of reach. */
export function spreadFailure(changing: Changing, node: TaskNode): void {
  lose(changing, [node])
}

function block(changing: Changing, node: TaskNode): void {
  const lost: TaskNode[] = []
  reach(changing, node, lost)
  lose(changing, lost)
}

/** A list of what is left to do instead of recursion: a chain may be as long as a plan. */
function lose(changing: Changing, lost: TaskNode[]): void {
  const { plan } = changing
  for (let node = lost.pop(); node !== undefined; node = lost.pop()) {
    for (const dependent of dependentsOf(plan, node)) {
      if (dependent.task.needs !== 'settled') reach(changing, dependent, lost)
    }
    const parent = parentOf(plan, node)
    if (parent !== undefined && failsWith(changing, parent, node)) lost.push(parent)
    if (node.children.length === 0) settle(changing, node)
  }
}

/** It is known what it has come to; of a parent, when that is known of all its children: a synthesis waits for them. */
function settle(changing: Changing, node: TaskNode): void {
  const { draft, plan } = changing
  for (const dependent of dependentsOf(plan, node)) {
    if (dependent.task.needs === 'settled') countDown(changing, dependent)
  }
  const parent = parentOf(plan, node)
  if (parent === undefined) return
  draft.count(parent, 'childrenOpen', -1)
  // One that has completed with its last child is settled already.
  if (parent.childrenOpen === 0 && parent.status !== 'completed') settle(changing, parent)
}

/** Out of reach, with its children. A parent that has failed with one of them is lost already. */
function reach(changing: Changing, node: TaskNode, lost: TaskNode[]): void {
  const { draft, plan } = changing
  draft.count(node, 'outOfReach', 1)
  if (node.outOfReach !== 1) return
  if (node.status === 'pending') lost.push(node)
  else if (node.childrenFailed === 0) return
  for (const child of childrenOf(plan, node)) reach(changing, child, lost)
}

/** A parent fails when the first required child does. */
function failsWith(changing: Changing, parent: TaskNode, { task }: TaskNode): boolean {
  const { draft } = changing
  if (task.optional === true) {
    countChild(changing, parent)
    return false
  }
  draft.count(parent, 'childrenFailed', 1)
  if (parent.childrenFailed !== 1 || parent.outOfReach > 0) return false
  draft.set(parent, 'status', 'failed')
  draft.set(parent, 'endedAt', changing.at)
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
  const { childrenLeft, childrenFailed, outOfReach, status } = parent
  if (childrenLeft > 0 || childrenFailed > 0 || outOfReach > 0 || status === 'completed') return
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
