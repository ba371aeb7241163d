/** What the store was asked to keep of outputs that are too large for a log, and what it has taken away: an observer's own book. */
import { createHash } from 'node:crypto'
import type { SessionRef, Store } from '../../ports/index.ts'
import type { Complaint } from './complaint.ts'
import { keyOf } from './records.ts'

export type SavedArtifact = { readonly tenant: string; readonly hash: string; readonly text: string; savedAt: number }

export interface ArtifactsKept {
  /** Undefined: the store was never asked to keep it, or has swept it. */
  find(tenant: string, hash: string): SavedArtifact | undefined
  all(): readonly SavedArtifact[]
  /** What is read of it from now on is that it is gone, as after damage to the disk. */
  lose(tenant: string, hash: string): void
  /** When; never: infinity. */
  lostAt(tenant: string, hash: string): number
  isErased(ref: SessionRef): boolean
  /** A session's events name it. */
  isNamed(tenant: string, hash: string): boolean
  name(ref: SessionRef, hash: string): void
  /** Keys of the sessions whose events name it, of all tenants. */
  namedBy(hash: string): readonly string[]
  readonly swept: number
  /** The store, with all of that seen. */
  watched(store: Store, complain: Complain): Store
}

type Complain = (ref: SessionRef, complaint: Complaint) => void

type Book = {
  readonly saved: Map<string, SavedArtifact>
  readonly named: Map<string, Set<string>>
  readonly lost: Map<string, number>
  readonly erased: Set<string>
  swept: number
}

export function createArtifactsKept(now: () => number): ArtifactsKept {
  const book: Book = { saved: new Map(), named: new Map(), lost: new Map(), erased: new Set(), swept: 0 }
  const { saved, named, lost, erased } = book
  return {
    find: (tenant, hash) => saved.get(placeOf(tenant, hash)),
    all: () => [...saved.values()],
    lose: (tenant, hash) => lost.set(placeOf(tenant, hash), now()),
    lostAt: (tenant, hash) => lost.get(placeOf(tenant, hash)) ?? Number.POSITIVE_INFINITY,
    isErased: (ref) => erased.has(keyOf(ref)),
    isNamed: (tenant, hash) => isNamed(book, tenant, hash),
    name: (ref, hash) => {
      const place = placeOf(ref.tenant, hash)
      named.set(place, (named.get(place) ?? new Set()).add(keyOf(ref)))
    },
    namedBy: (hash) => [...named].flatMap(([place, keys]) => (place.startsWith(hash) ? [...keys] : [])),
    get swept() {
      return book.swept
    },
    watched: (store, complain) => watched(book, store, { complain, now }),
  }
}

function placeOf(tenant: string, hash: string): string {
  return `${hash} ${tenant}`
}

function isNamed({ named, erased }: Book, tenant: string, hash: string): boolean {
  const sessions = named.get(placeOf(tenant, hash)) ?? new Set()
  return [...sessions].some((key) => !erased.has(key))
}

type Watching = { readonly complain: Complain; readonly now: () => number }

function watched(book: Book, store: Store, { complain, now }: Watching): Store {
  const { saved, lost, erased } = book
  return {
    ...store,
    saveArtifact: async (tenant, artifact) => {
      await store.saveArtifact(tenant, artifact)
      const { hash, bytes } = artifact
      if (createHash('sha256').update(bytes).digest('hex') !== hash)
        complain(
          { tenant, sessionId: '' },
          { invariant: 'artifacts: what is stored is what the tool said', detail: `not the bytes of ${hash}` },
        )
      saved.set(placeOf(tenant, hash), { tenant, hash, text: new TextDecoder().decode(bytes), savedAt: now() })
    },
    artifact: async (tenant, hash) => (lost.has(placeOf(tenant, hash)) ? null : store.artifact(tenant, hash)),
    sweepArtifacts: async (sweep) => {
      const count = await store.sweepArtifacts(sweep)
      book.swept += count
      if (count > 0) await checkLeft(book, store, complain)
      return count
    },
    erase: async (ref, options) => {
      const answer = await store.erase(ref, options)
      if (answer.type === 'erased') erased.add(keyOf(ref))
      if (answer.type === 'erased') await checkLeft(book, store, complain)
      return answer
    },
  }
}

/** Whatever was taken away: what is named is there, and what is not is out of the book. */
async function checkLeft(book: Book, store: Store, complain: Complain): Promise<void> {
  for (const [place, { tenant, hash }] of book.saved) {
    if ((await store.artifact(tenant, hash)) !== null) continue
    if (isNamed(book, tenant, hash))
      complain(
        { tenant, sessionId: '' },
        { invariant: 'artifacts: what is named is never swept', detail: `${hash} is gone` },
      )
    book.saved.delete(place)
  }
}
