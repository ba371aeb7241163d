/** One virtual clock, one queue. Everything that happens in a simulated world is an entry of it, with the process that it belongs to. */

/** A process of the simulated world. What belongs to a dead one never happens; to a frozen one, later. */
export type Process = {
  isDead: boolean
  frozenUntil: number
  /** A request to the store; while it waits for the next of these it is told to stop. */
  stopsDuring: string | null
  /** The fence of its newest claim on a session, by key. */
  readonly fences: Map<string, number>
}

export interface Scheduler {
  readonly now: number
  /** Returns a function that takes the entry back, and says whether it had not happened yet. A null owner is the world outside: it neither dies nor freezes. */
  after(delayMs: number, owner: Process | null, happen: () => void): () => boolean
  /** Lets the next entry happen and everything settle that follows at once; false: nothing is left. */
  step(): Promise<boolean>
}

type Entry = { at: number; order: number; owner: Process | null; happen: (() => void) | null }

export function createScheduler(): Scheduler {
  const heap: Entry[] = []
  let now = 0
  let order = 0
  const insert = (entry: Entry) => {
    heap.push(entry)
    siftUp(heap, heap.length - 1)
  }
  return {
    get now() {
      return now
    },
    after: (delayMs, owner, happen) => {
      if (!Number.isFinite(delayMs)) throw new RangeError(`expected a delay in milliseconds; found ${delayMs}`)
      order += 1
      const entry: Entry = { at: now + Math.max(0, delayMs), order, owner, happen }
      insert(entry)
      return () => {
        const isPending = entry.happen !== null
        entry.happen = null
        return isPending
      }
    },
    step: async () => {
      for (;;) {
        const entry = removeFirst(heap)
        if (entry === undefined) return false
        const { owner, happen } = entry
        if (happen === null || owner?.isDead === true) continue
        if (owner !== null && owner.frozenUntil > entry.at) {
          entry.at = owner.frozenUntil
          insert(entry)
          continue
        }
        now = Math.max(now, entry.at)
        entry.happen = null
        happen()
        await settled()
        return true
      }
    },
  }
}

/** Microtasks run out before the next immediate. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order)
}

function siftUp(heap: Entry[], from: number): void {
  let index = from
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!swapIfBefore(heap, index, parent)) return
    index = parent
  }
}

function siftDown(heap: Entry[]): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const right = left + 1
    const [leftEntry, rightEntry] = [heap[left], heap[right]]
    if (leftEntry === undefined) return
    const child = rightEntry !== undefined && isBefore(rightEntry, leftEntry) ? right : left
    if (!swapIfBefore(heap, child, index)) return
    index = child
  }
}

function swapIfBefore(heap: Entry[], lower: number, upper: number): boolean {
  const [lowerEntry, upperEntry] = [heap[lower], heap[upper]]
  if (lowerEntry === undefined || upperEntry === undefined || !isBefore(lowerEntry, upperEntry)) return false
  heap[lower] = upperEntry
  heap[upper] = lowerEntry
  return true
}

function removeFirst(heap: Entry[]): Entry | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || first === last) return first
  heap[0] = last
  siftDown(heap)
  return first
}
