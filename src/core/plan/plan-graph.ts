/** What waits for what in a plan, and how long the way through it is. Linear in tasks and edges, whatever the plan. */
import type { PlanTask } from './plan.ts'
import { ITEM } from './plan.ts'
import { endOf, findCycle, sortNodes, startOf, taskOf } from './plan-nodes.ts'
import { referencesIn } from './references.ts'

/** All maps are keyed by task id, in the order of the plan. Of tasks with one id only the first counts. */
export type PlanGraph = {
  readonly tasks: ReadonlyMap<string, PlanTask>
  /** Of every task that is somebody's parent. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /** What each task waits for itself: `dependsOn`, then what its references name; each once, and only tasks that there are. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>
  /** Who names each task as a dependency. */
  readonly dependents: ReadonlyMap<string, readonly string[]>
  /** Everything after what it waits for, children after their parent. Without what stands on a cycle or behind it. */
  readonly order: readonly string[]
  /** Each task waits for the next; the first stands again at the end. Null: there is none. */
  readonly cycle: readonly string[] | null
  /** Parent links from the root of the session: 1 for a task without a parent. Without those whose parents go in a circle. */
  readonly depths: ReadonlyMap<string, number>
  /** From the start of each task to the end of the plan at least, in `expectedMs` (a task without counts 1). Only tasks of `order`. */
  readonly longestMs: ReadonlyMap<string, number>
  /** Leaves of a longest way through the plan. Empty where there is a cycle. */
  readonly criticalPath: readonly string[]
}

export function planGraph(plan: readonly PlanTask[]): PlanGraph {
  const tasks = firstOfEachId(plan)
  const children = groupByParent(tasks)
  const dependencies = new Map([...tasks].map(([id, task]) => [id, dependenciesOf(task, tasks)]))
  const ids = [...tasks.keys()]
  const successors = edgesOf(ids, tasks, dependencies)
  const sorted = sortNodes(successors)
  const weights = ids.map((id) => (children.has(id) ? 0 : (tasks.get(id)?.expectedMs ?? 1)))
  const { longest, following } = measure(successors, sorted, weights)
  const idsOf = (indexes: readonly number[]) => indexes.map((index) => ids[index] ?? '')
  const order = idsOf(sorted.filter((node) => node % 2 === 0).map(taskOf))
  const cycle = findCycle(successors, sorted)
  return {
    tasks,
    children,
    dependencies,
    dependents: invert(dependencies),
    order,
    cycle: cycle === null ? null : idsOf(cycle),
    depths: depthsOf(tasks),
    longestMs: new Map(
      sorted.filter((node) => node % 2 === 0).map((node) => [ids[taskOf(node)] ?? '', longest[node] ?? 0]),
    ),
    criticalPath: cycle === null ? idsOf(criticalTasks(longest, following)).filter((id) => !children.has(id)) : [],
  }
}

/** What a task names in its input and in `forEach`: tasks, not the element. With repeats. */
export function namedInReferences({ input, forEach }: PlanTask): readonly string[] {
  const found = input === undefined ? [] : referencesIn(input).found.map(({ reference }) => reference.$from)
  return [...found, ...(forEach === undefined ? [] : [forEach.$from])].filter((id) => id !== ITEM)
}

function firstOfEachId(plan: readonly PlanTask[]): Map<string, PlanTask> {
  const tasks = new Map<string, PlanTask>()
  for (const task of plan) if (!tasks.has(task.id)) tasks.set(task.id, task)
  return tasks
}

function groupByParent(tasks: ReadonlyMap<string, PlanTask>): Map<string, string[]> {
  const children = new Map<string, string[]>()
  for (const { id, parent } of tasks.values()) {
    if (parent === undefined || !tasks.has(parent)) continue
    const group = children.get(parent)
    if (group === undefined) children.set(parent, [id])
    else group.push(id)
  }
  return children
}

function dependenciesOf(task: PlanTask, tasks: ReadonlyMap<string, PlanTask>): readonly string[] {
  const names = new Set([...task.dependsOn, ...namedInReferences(task)])
  return [...names].filter((name) => name !== task.id && tasks.has(name))
}

function invert(dependencies: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const dependents = new Map<string, string[]>([...dependencies.keys()].map((id) => [id, []]))
  for (const [id, names] of dependencies) for (const name of names) dependents.get(name)?.push(id)
  return dependents
}

/**
 * Every task has two nodes, its start and its end. A child starts after its parent and ends before it, so that what a parent
 * waits for holds its children too, and whoever waits for a parent waits for them all, with one edge each.
 */
function edgesOf(
  ids: readonly string[],
  tasks: ReadonlyMap<string, PlanTask>,
  dependencies: ReadonlyMap<string, readonly string[]>,
): readonly (readonly number[])[] {
  const indexes = new Map(ids.map((id, index) => [id, index]))
  const successors: number[][] = ids.flatMap(() => [[], []])
  for (const [index, id] of ids.entries()) {
    const { parent: above } = tasks.get(id) ?? {}
    const parent = above === undefined ? undefined : indexes.get(above)
    successors[startOf(index)]?.push(endOf(index))
    if (parent !== undefined) {
      successors[startOf(parent)]?.push(startOf(index))
      successors[endOf(index)]?.push(endOf(parent))
    }
    for (const dependency of dependencies.get(id) ?? []) {
      const before = indexes.get(dependency)
      if (before !== undefined) successors[endOf(before)]?.push(startOf(index))
    }
  }
  return successors
}

type Measured = { readonly longest: readonly number[]; readonly following: readonly number[] }

/** From each node to the last one: the work of a task lies between its start and its end. */
function measure(
  successors: readonly (readonly number[])[],
  sorted: readonly number[],
  weights: readonly number[],
): Measured {
  const longest: number[] = successors.map(() => 0)
  const following: number[] = successors.map(() => -1)
  for (const node of sorted.toReversed()) {
    for (const next of successors[node] ?? []) {
      const work = next === node + 1 && node % 2 === 0 ? (weights[taskOf(node)] ?? 0) : 0
      const length = work + (longest[next] ?? 0)
      if (following[node] !== -1 && length <= (longest[node] ?? 0)) continue
      longest[node] = length
      following[node] = next
    }
  }
  return { longest, following }
}

function criticalTasks(longest: readonly number[], following: readonly number[]): readonly number[] {
  let node = longest.reduce((best, length, at) => (at % 2 === 0 && length > (longest[best] ?? -1) ? at : best), 0)
  const path: number[] = []
  for (; node !== -1 && node < longest.length; node = following[node] ?? -1)
    // The work of a task is on the way where its end follows its start.
    if (node % 2 === 0 && following[node] === node + 1) path.push(taskOf(node))
  return path
}

function depthsOf(tasks: ReadonlyMap<string, PlanTask>): Map<string, number> {
  const depths = new Map<string, number>()
  for (const id of tasks.keys()) {
    const chain: string[] = []
    const walked = new Set<string>()
    let at: string | undefined = id
    while (at !== undefined && !depths.has(at) && !walked.has(at) && tasks.has(at)) {
      walked.add(at)
      chain.push(at)
      at = tasks.get(at)?.parent
    }
    const isCircle = at !== undefined && walked.has(at)
    let depth = isCircle ? Number.NaN : at === undefined ? 0 : (depths.get(at) ?? 0)
    for (const link of chain.reverse()) {
      depth += 1
      depths.set(link, depth)
    }
  }
  return new Map([...depths].filter(([, depth]) => !Number.isNaN(depth)))
}
