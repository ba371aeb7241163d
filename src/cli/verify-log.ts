/** The hash chain of one session, read page by page. */
import type { Head, SessionRef, Store } from '../ports/index.ts'
import { StoreCorruptError } from '../ports/index.ts'
import { type ChainCheck, type ChainPlace, verifyChain } from '../stores/chain.ts'
import type { ExportedHead } from './exported-heads.ts'
import { storedEvents } from './read-log.ts'

export type Verified = SessionRef & { readonly check: ChainCheck }

export async function verifySession(store: Store, head: Head): Promise<Verified> {
  const ref = { tenant: head.tenant, sessionId: head.sessionId }
  let place: ChainPlace = { version: 0, hash: '' }
  try {
    for await (const page of storedEvents(store, ref)) {
      const check = verifyChain(ref, page, { after: place })
      if (check.type === 'broken') return { ...ref, check }
      place = check
    }
  } catch (problem) {
    // The store itself sees that what it read cannot be what was written.
    if (problem instanceof StoreCorruptError)
      return { ...ref, check: { type: 'broken', seq: place.version + 1, reason: 'changed' } }
    throw problem
  }
  return { ...ref, check: await endOf(store, ref, place) }
}

/** Somebody may have appended since the head was read, so the head is read again: it never goes back. */
async function endOf(store: Store, ref: SessionRef, place: ChainPlace): Promise<ChainCheck> {
  const head = await store.head(ref)
  if (head === null || head.version > place.version) {
    const tail = await store.read(ref, place.version, Math.max(1, (head?.version ?? 0) - place.version))
    return verifyChain(ref, tail, { after: place, ...(head && { head }) })
  }
  return verifyChain(ref, [], { after: place, head })
}

/** The log must still pass through the place that was kept elsewhere: else it was cut off, or written anew. */
export async function verifyAgainst(store: Store, verified: Verified, kept: ExportedHead): Promise<Verified> {
  const { tenant, sessionId } = verified
  const [event] = await store.read({ tenant, sessionId }, kept.version - 1, 1)
  if (event?.seq === kept.version && event.hash === kept.hash) return verified
  const reason = event === undefined ? 'missing' : 'head'
  return { tenant, sessionId, check: { type: 'broken', seq: kept.version, reason } }
}
