/** What keeps each task of a plan from beginning, by name. */
import { namedInReferences, type PlanGraph, planGraph } from './plan-graph.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { isOutOfReach } from './spread.ts'

type Names = readonly string[]

/**
 * Of what is out of reach: the failed tasks that cause it, or the skipped ones whose results it needs. Of what waits: the unfinished
 * ones, its own and those that its parent waits for. Lists that are the same are shared, so that a long plan behind many failures
 * costs no more than another.
 */
export function blockersOf(plan: PlanState): ReadonlyMap<string, Names> {
  const graph = planGraph([...plan.nodes.values()].map(({ task }) => task))
  const blockers = new Map<string, Names>()
  const causes: Causes = { plan, graph, lost: new Map(), failed: new Map() }
  for (const id of graph.order) {
    const node = plan.nodes.get(id)
    if (node === undefined) continue
    if (node.outOfReach > 0) causes.lost.set(id, causesOf(node, causes))
    if (isOutOfReach(node)) blockers.set(id, causes.lost.get(id) ?? [])
    else if (node.status === 'pending') blockers.set(id, waitedFor(node, causes, blockers))
  }
  return blockers
}

type Causes = {
  readonly plan: PlanState
  readonly graph: PlanGraph
  /** Of each task that is out of reach, one that has failed for another reason too. */
  readonly lost: Map<string, Names>
  /** Of each task that has failed: itself, or what of its parts has. */
  readonly failed: Map<string, Names>
}

function causesOf({ task }: TaskNode, causes: Causes): Names {
  const { plan, graph, lost } = causes
  const needed = new Set(namedInReferences(task))
  const lists = (graph.dependencies.get(task.id) ?? []).map((id): Names => {
    const node = plan.nodes.get(id)
    if (node === undefined) return []
    if (node.status === 'failed' || (node.status === 'skipped' && needed.has(id))) return failedIn(node, causes)
    return isOutOfReach(node) ? (lost.get(id) ?? []) : []
  })
  return joined([...lists, lost.get(task.parent ?? '') ?? []])
}

/** A parent has failed with its parts. */
function failedIn(node: TaskNode, causes: Causes): Names {
  const { plan, lost, failed } = causes
  const { id } = node.task
  const known = failed.get(id)
  if (known !== undefined) return known
  const parts = joined(
    node.children.map((child) => {
      const part = plan.nodes.get(child)
      if (part === undefined) return []
      return part.status === 'failed' ? failedIn(part, causes) : isOutOfReach(part) ? (lost.get(child) ?? []) : []
    }),
  )
  const names = parts.length === 0 ? [id] : parts
  failed.set(id, names)
  return names
}

function joined(lists: readonly Names[]): Names {
  const [first = [], ...others] = new Set(lists.filter(({ length }) => length > 0))
  return others.length === 0 ? first : [...new Set([...first, ...others.flat()])]
}

function waitedFor({ task }: TaskNode, { plan, graph }: Causes, blockers: ReadonlyMap<string, Names>): Names {
  const own = (graph.dependencies.get(task.id) ?? []).filter((id) => {
    const node = plan.nodes.get(id)
    return node !== undefined && isAwaited(node, task.needs === 'settled')
  })
  return joined([own, blockers.get(task.parent ?? '') ?? []])
}

function isAwaited(node: TaskNode, isSettledEnough: boolean): boolean {
  const { status, childrenOpen, children } = node
  if (status === 'completed' || status === 'skipped') return false
  if (!isSettledEnough) return true
  return children.length > 0 ? childrenOpen > 0 : status !== 'failed' && status !== 'cancelled' && !isOutOfReach(node)
}
