/** State from the store: the newest snapshot that this code's reducers wrote, and the tail behind it. */
import { Draft, decodeState, encodeState, freshState, reducers, STATE_VERSION, type State } from '../core/index.ts'
import type { SessionRef, Store, StoredEvent } from '../ports/index.ts'
import { decodeEvent } from './encode.ts'
import { sha256 } from './hash.ts'
import { refuseErased } from './session-erased.ts'
import type { Wiring } from './wiring.ts'

/** Events of one read; a longer log is read in pages. */
export const PAGE_EVENTS = 1_000
/** No snapshot before the tail has this size. */
const SNAPSHOT_BYTES = 65_536

/** Snapshots of other reducers are discarded. */
export const reducerHash: string = sha256(`${STATE_VERSION}${Object.values(reducers).join('')}`)

export type Loaded = {
  readonly draft: Draft
  /** Bytes of the newest snapshot, and of the bodies behind it. */
  snapshotBytes: number
  tailBytes: number
}

/** Throws `SessionErasedError` where only a tombstone is left. */
export async function load(store: Store, ref: SessionRef, { reduce }: Pick<Wiring, 'reduce'>): Promise<Loaded> {
  const snapshot = await store.snapshot(ref)
  const isUsable = snapshot !== null && snapshot.reducerHash === reducerHash
  const state = isUsable ? decodeState(new TextDecoder().decode(snapshot.bytes)) : freshState(ref.tenant, ref.sessionId)
  const loaded: Loaded = { draft: new Draft(state), snapshotBytes: isUsable ? snapshot.bytes.length : 0, tailBytes: 0 }
  await foldTail(store, ref, { loaded, reduce })
  return loaded
}

/** Folds what others have appended since. */
export async function foldTail(
  store: Store,
  ref: SessionRef,
  { loaded, reduce }: { loaded: Loaded } & Pick<Wiring, 'reduce'>,
): Promise<void> {
  for (;;) {
    const page = await store.read(ref, loaded.draft.state.seq, PAGE_EVENTS)
    await refuseErased(store, ref, page)
    foldStored(ref, page, { loaded, reduce })
    if (page.length < PAGE_EVENTS) return
  }
}

export function foldStored(
  ref: SessionRef,
  page: readonly StoredEvent[],
  { loaded, reduce }: { loaded: Loaded } & Pick<Wiring, 'reduce'>,
): void {
  for (const stored of page) {
    const { event, at } = decodeEvent(ref, stored)
    reduce(loaded.draft, event, at)
    loaded.tailBytes += stored.body?.length ?? 0
  }
}

/** Writes a snapshot when the tail is longer than the last one and than 64 KiB: all of them together cost no more than the log. */
export async function snapshotIfDue(store: Store, ref: SessionRef, loaded: Loaded): Promise<void> {
  if (loaded.tailBytes <= Math.max(SNAPSHOT_BYTES, loaded.snapshotBytes)) return
  const { state } = loaded.draft
  const bytes = new TextEncoder().encode(encodeState(state))
  loaded.snapshotBytes = bytes.length
  loaded.tailBytes = 0
  await store.saveSnapshot(ref, { version: state.seq, reducerHash, bytes })
}

/** For readers: the state, and nothing that could be driven. */
export async function loadState(store: Store, ref: SessionRef, wiring: Pick<Wiring, 'reduce'>): Promise<State> {
  const { draft } = await load(store, ref, wiring)
  return draft.state
}
