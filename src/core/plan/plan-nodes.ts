/** The order of numbered nodes, and the cycle that keeps them from having one. A task `n` has the nodes `2n` and `2n + 1`. */

export const startOf = (task: number): number => 2 * task
export const endOf = (task: number): number => 2 * task + 1
export const taskOf = (node: number): number => node >> 1

/** Every node after its predecessors (Kahn 1962); those on a cycle and behind one are left out. */
export function sortNodes(successors: readonly (readonly number[])[]): readonly number[] {
  const waitsFor = new Int32Array(successors.length)
  for (const nodes of successors) for (const node of nodes) waitsFor[node] = (waitsFor[node] ?? 0) + 1
  const sorted: number[] = []
  for (const node of successors.keys()) if (waitsFor[node] === 0) sorted.push(node)
  // Grows while it is walked.
  for (const node of sorted) {
    for (const next of successors[node] ?? []) {
      const left = (waitsFor[next] ?? 0) - 1
      waitsFor[next] = left
      if (left === 0) sorted.push(next)
    }
  }
  return sorted
}

/** Tasks of which each waits for the next, the first again at the end; the one that comes first in the plan begins. */
export function findCycle(
  successors: readonly (readonly number[])[],
  sorted: readonly number[],
): readonly number[] | null {
  if (sorted.length === successors.length) return null
  const isSorted = new Uint8Array(successors.length)
  for (const node of sorted) isSorted[node] = 1
  // Whoever is left waits for one that is left.
  const predecessor = new Int32Array(successors.length).fill(-1)
  for (const [node, nodes] of successors.entries())
    if (isSorted[node] === 0) for (const next of nodes) if (predecessor[next] === -1) predecessor[next] = node
  const tasks = shorten(walkBack(isSorted.indexOf(0), predecessor)).map(taskOf)
  const path = tasks.filter((task, index) => task !== tasks[index - 1])
  if (path.length > 1 && path[0] === path.at(-1)) path.pop()
  const first = path.indexOf(path.reduce((least, task) => Math.min(least, task), Number.POSITIVE_INFINITY))
  const turned = [...path.slice(first), ...path.slice(0, first)]
  return [...turned, ...turned.slice(0, 1)]
}

function walkBack(from: number, predecessor: Int32Array): readonly number[] {
  const places = new Map<number, number>()
  let node = from
  for (; !places.has(node); node = predecessor[node] ?? -1) places.set(node, places.size)
  return [...places.keys()].slice(places.get(node))
}

/** From the end of a task straight to its start, past the children that it waits for: the cycle is one without them, too. */
function shorten(cycle: readonly number[]): readonly number[] {
  const nodes = new Set(cycle)
  const first = cycle.findIndex((node) => node % 2 === 1 && nodes.has(node - 1))
  if (first === -1) return cycle
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)]
  const places = new Map(turned.map((node, place) => [node, place]))
  const path: number[] = []
  for (let place = 0; place < turned.length; place += 1) {
    const node = turned[place] ?? 0
    path.push(node)
    const start = node % 2 === 1 ? (places.get(node - 1) ?? -1) : -1
    if (start > place) place = start - 1
  }
  return path
}
