/** The rule of erasure: content goes, the chain and a tombstone stay. */
import type { Erased, EraseOptions, SessionRef } from '../ports/index.ts'
import type { GoneArtifact, HeadRow, Rules } from './tables.ts'

/** `gone`: artifacts of which something may be left outside of the tables. */
export type Wiped = { readonly erased: Erased; readonly gone: readonly GoneArtifact[] }

export function eraseSession({ tables, now }: Rules, ref: SessionRef, options: EraseOptions): Wiped {
  const row = tables.head(ref)
  if (!row) return nothing({ type: 'unknown_session' })
  if (row.erasedAt === null && !mayGo(row, options)) return nothing({ type: 'open', status: row.status })
  // Also of one that is erased already: somebody may have put a body back.
  const events = tables.eraseContent(row.key)
  const gone = tables.dropArtifacts(row.key)
  if (row.erasedAt === null) tables.saveTombstone(row.key, now())
  return { erased: { type: 'erased', events, artifacts: gone.length }, gone }
}

function mayGo({ gate, at }: HeadRow, { evenIfOpen, endedBefore = Number.POSITIVE_INFINITY }: EraseOptions): boolean {
  return evenIfOpen || (gate !== 'open' && at < endedBefore)
}

function nothing(erased: Erased): Wiped {
  return { erased, gone: [] }
}
