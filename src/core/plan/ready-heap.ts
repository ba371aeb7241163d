/** The tasks that are ready, as a heap of their ranks: the smallest on top. Entries of tasks that are ready no longer stay until they come up. */
import type { Draft } from '../draft.ts'

/** O(log n) writes. */
export function pushRank(draft: Draft, heap: number[], rank: number): void {
  draft.push(heap, rank)
  let index = heap.length - 1
  while (index > 0) {
    const above = (index - 1) >> 1
    const upper = heap[above] ?? 0
    if (upper <= rank) break
    draft.set(heap, index, upper)
    index = above
  }
  draft.set(heap, index, rank)
}

/** Takes entries off the top for as long as they are stale. */
export function dropStale(draft: Draft, heap: number[], isStale: (rank: number) => boolean): void {
  while (heap.length > 0 && isStale(heap[0] ?? 0)) popRank(draft, heap)
}

function popRank(draft: Draft, heap: number[]): void {
  const last = heap[heap.length - 1] ?? 0
  draft.pop(heap)
  if (heap.length === 0) return
  let index = 0
  for (;;) {
    const child = smallerChild(heap, index)
    const lower = heap[child]
    if (lower === undefined || lower >= last) break
    draft.set(heap, index, lower)
    index = child
  }
  draft.set(heap, index, last)
}

function smallerChild(heap: readonly number[], index: number): number {
  const left = 2 * index + 1
  const right = left + 1
  return (heap[right] ?? Number.POSITIVE_INFINITY) < (heap[left] ?? Number.POSITIVE_INFINITY) ? right : left
}

/** The ranks in order, one after the other: O(k²) for the first k, of which there are as many as slots. Changes nothing. */
export function* smallestRanks(heap: readonly number[]): Generator<number> {
  const frontier = heap.length > 0 ? [0] : []
  while (frontier.length > 0) {
    let best = 0
    for (let each = 1; each < frontier.length; each += 1) {
      if ((heap[frontier[each] ?? 0] ?? 0) < (heap[frontier[best] ?? 0] ?? 0)) best = each
    }
    const index = frontier[best] ?? 0
    const last = frontier.pop() ?? 0
    if (best < frontier.length) frontier[best] = last
    for (const child of [2 * index + 1, 2 * index + 2]) if (child < heap.length) frontier.push(child)
    yield heap[index] ?? 0
  }
}
