/** Which sessions `pawl prune` would erase: what has ended, long enough ago, in one of these ways. */
import type { Head, SessionRef, Store } from '../ports/index.ts'

/** How a session may have ended. What runs, waits or blocks is never pruned. */
export const endedStatuses = ['done', 'failed', 'cancelled'] as const
export type EndedStatus = (typeof endedStatuses)[number]

export type Prunable = {
  readonly statuses: readonly EndedStatus[]
  /** Whose last event is older, epoch milliseconds. */
  readonly endedBefore: number
  readonly tenant?: string
}

/** Of one status: how many, and when the first and the last of them ended, epoch milliseconds. */
export type PrunableCount = {
  readonly status: EndedStatus
  sessions: number
  events: number
  oldestAt: number
  newestAt: number
}

const PAGE = 500

/** Only statuses of which there are some. */
export async function countPrunable(store: Store, prunable: Prunable): Promise<readonly PrunableCount[]> {
  const counts: PrunableCount[] = []
  for (const status of prunable.statuses) {
    const counted: PrunableCount = { status, sessions: 0, events: 0, oldestAt: Number.POSITIVE_INFINITY, newestAt: 0 }
    for await (const { at, version } of headsOf(store, prunable, status)) {
      counted.sessions += 1
      counted.events += version
      counted.oldestAt = Math.min(counted.oldestAt, at)
      counted.newestAt = Math.max(counted.newestAt, at)
    }
    if (counted.sessions > 0) counts.push(counted)
  }
  return counts
}

async function* headsOf(store: Store, { endedBefore, tenant }: Prunable, status: EndedStatus): AsyncGenerator<Head> {
  let before: SessionRef | undefined
  for (;;) {
    const page = await store.sessions({
      limit: PAGE,
      status,
      endedBefore,
      ...(tenant !== undefined && { tenant }),
      ...(before !== undefined && { before }),
    })
    yield* page
    before = page.at(-1)
    if (page.length < PAGE) return
  }
}
