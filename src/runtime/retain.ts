/** How long things are kept: ended sessions, and artifacts that no event names. */
import type { Head, Store } from '../ports/index.ts'

export type RetainOptions = {
  /** Epoch milliseconds, of the store's clock. */
  readonly now: number
  /** Sessions that ended longer ago are erased; 0: none. Those that run, wait or block never are. */
  readonly retainEndedMs: number
  /** Artifacts that were saved longer ago, and that no event names, are swept. Of every tenant: they belong to no session. */
  readonly orphanArtifactMs: number
  /** Only sessions of this tenant. */
  readonly tenant?: string
  /** Only sessions whose status begins with one of these, such as `cancelled`. */
  readonly statuses?: readonly string[]
  /** Sessions that are listed, and artifacts that are looked at, at a time: others write in between. */
  readonly limit: number
  /** Ends it after the session or the piece that is under way. */
  readonly signal?: AbortSignal
}

/** What went. `artifacts`: with their sessions; `orphans`: those that no event names. */
export type Retained = {
  readonly sessions: number
  readonly events: number
  readonly artifacts: number
  readonly orphans: number
}

type Counts = { -readonly [name in keyof Retained]: number }

/** May be run by several processes at once, and again after a failure. Throws what the store throws, with what went before gone. */
export async function retain(store: Store, options: RetainOptions): Promise<Retained> {
  const counts: Counts = { sessions: 0, events: 0, artifacts: 0, orphans: 0 }
  const { retainEndedMs, statuses = [undefined] } = options
  if (retainEndedMs > 0) for (const status of statuses) await eraseEnded(store, { ...options, status }, counts)
  await sweep(store, options, counts)
  return counts
}

async function eraseEnded(
  store: Store,
  options: RetainOptions & { readonly status: string | undefined },
  counts: Counts,
): Promise<void> {
  const { now, retainEndedMs, tenant, status, limit, signal } = options
  const endedBefore = now - retainEndedMs
  const filter = {
    endedBefore,
    limit,
    ...(tenant !== undefined && { tenant }),
    ...(status !== undefined && { status }),
  }
  while (!signal?.aborted) {
    const page = await store.sessions(filter)
    const before = counts.sessions
    for (const head of page) if (!signal?.aborted) await eraseOne(store, head, { endedBefore, counts })
    // Who is erased is not listed again. Where nobody was, others are erasing the same, or they have all gone on.
    if (page.length < limit || counts.sessions === before) return
  }
}

async function eraseOne(
  store: Store,
  { tenant, sessionId }: Head,
  { endedBefore, counts }: { readonly endedBefore: number; readonly counts: Counts },
): Promise<void> {
  const erased = await store.erase({ tenant, sessionId }, { evenIfOpen: false, endedBefore })
  // Somebody else may have been first.
  if (erased.type !== 'erased' || erased.events === 0) return
  counts.sessions += 1
  counts.events += erased.events
  counts.artifacts += erased.artifacts
}

async function sweep(
  store: Store,
  { now, orphanArtifactMs, limit, signal }: RetainOptions,
  counts: Counts,
): Promise<void> {
  while (!signal?.aborted) {
    const swept = await store.sweepArtifacts({ before: now - orphanArtifactMs, limit })
    counts.orphans += swept
    if (swept < limit) return
  }
}
