/** The hash chain of one session, read page by page. */
import type { Head, SessionRef, Store, StoredEvent } from '../ports/index.ts'
import { StoreCorruptError } from '../ports/index.ts'
import { type ChainCheck, type ChainPlace, verifyChain } from '../stores/chain.ts'
import { isErasedHead } from './erased-session.ts'
import type { ExportedHead } from './exported-heads.ts'
import { storedEvents } from './read-log.ts'

/** `erased`: how many events have no body any more, of those before the break, if there is one. The chain holds over them. */
type Checked = { readonly check: ChainCheck; readonly erased: number }

/** `isErased`: its head says that the session was erased, by `pawl erase` or `pawl prune`. */
export type Verified = SessionRef & Checked & { readonly isErased: boolean }

/** Pawl erases all bodies of a session and says so in its head: any other that is gone was taken out by somebody else. */
export function isSound({ check, erased, isErased }: Omit<Verified, keyof SessionRef>): boolean {
  return check.type === 'holds' && erased === (isErased ? check.version : 0)
}

/** The log of a session that is there, also against its place among those that were kept elsewhere. */
export async function verifyHead(store: Store, head: Head, kept: readonly ExportedHead[]): Promise<Verified> {
  const verified = await verifySession(store, head)
  const before = kept.find(({ tenant, sessionId }) => tenant === head.tenant && sessionId === head.sessionId)
  return verified.check.type === 'broken' || before === undefined ? verified : verifyAgainst(store, verified, before)
}

/** Sessions that were there when the heads were kept, and are not now: of one tenant, or of all. */
export async function verifyMissing(
  store: Store,
  kept: readonly ExportedHead[],
  only?: string,
): Promise<readonly Verified[]> {
  const missing: Verified[] = []
  for (const { tenant, sessionId } of kept) {
    if (only !== undefined && only !== tenant) continue
    if ((await store.head({ tenant, sessionId })) !== null) continue
    missing.push({
      tenant,
      sessionId,
      check: { type: 'broken', seq: 1, reason: 'missing' },
      erased: 0,
      isErased: false,
    })
  }
  return missing
}

export async function verifySession(store: Store, head: Head): Promise<Verified> {
  const ref = { tenant: head.tenant, sessionId: head.sessionId }
  const isErased = isErasedHead(head)
  let place: ChainPlace = { version: 0, hash: '' }
  let erased = 0
  try {
    for await (const page of storedEvents(store, ref)) {
      const check = verifyChain(ref, page, { after: place })
      erased += erasedIn(page, check)
      if (check.type === 'broken') return { ...ref, check, erased, isErased }
      place = check
    }
  } catch (problem) {
    // The store itself sees that what it read cannot be what was written.
    if (problem instanceof StoreCorruptError)
      return { ...ref, check: { type: 'broken', seq: place.version + 1, reason: 'changed' }, erased, isErased }
    throw problem
  }
  const end = await endOf(store, ref, place)
  if (!isErased && erased + end.erased > 0) {
    // Erased while it was read: what is left of it is verified.
    const now = await store.head(ref)
    if (now !== null && isErasedHead(now)) return verifySession(store, now)
  }
  return { ...ref, check: end.check, erased: erased + end.erased, isErased }
}

function erasedIn(events: readonly StoredEvent[], check: ChainCheck): number {
  const end = check.type === 'broken' ? check.seq : Number.POSITIVE_INFINITY
  return events.filter(({ seq, body }) => body === null && seq < end).length
}

/** Somebody may have appended since the head was read, so the head is read again: it never goes back. */
async function endOf(store: Store, ref: SessionRef, place: ChainPlace): Promise<Checked> {
  const head = await store.head(ref)
  if (head === null || head.version > place.version) {
    const tail = await store.read(ref, place.version, Math.max(1, (head?.version ?? 0) - place.version))
    const check = verifyChain(ref, tail, { after: place, ...(head && { head }) })
    return { check, erased: erasedIn(tail, check) }
  }
  return { check: verifyChain(ref, [], { after: place, head }), erased: 0 }
}

/** The log must still pass through the place that was kept elsewhere: else it was cut off, or written anew. */
async function verifyAgainst(store: Store, verified: Verified, kept: ExportedHead): Promise<Verified> {
  const { tenant, sessionId } = kept
  const [event] = await store.read({ tenant, sessionId }, kept.version - 1, 1)
  if (event?.seq === kept.version && event.hash === kept.hash) return verified
  const reason = event === undefined ? 'missing' : 'head'
  return { ...verified, check: { type: 'broken', seq: kept.version, reason } }
}
