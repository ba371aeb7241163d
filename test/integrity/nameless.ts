/** A chain with a mistake that only a forgery shows: it holds for any tenant and session. */
import { join } from 'node:path'
import type { Head, SessionRef, Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { isSound, verifyHead, verifyMissing } from '../../src/cli/verify-log.ts'
import { headOf, type Log, logOf } from './flips.ts'
import { forgeAll, type Look, setHead } from './forgeries.ts'
import { tamperWith } from './in-file.ts'
import { reseal } from './plants.ts'

/** What the mistaken chain hashes, whoever the log belongs to. */
const nobody: SessionRef = { tenant: '', sessionId: '' }

/** Forgeries until one is missed: how many it took, or null where all are noticed. */
export async function forgeNameless(log: Log, original: string, folder: string): Promise<number | null> {
  const planted = logOf(
    nobody,
    reseal({ ...log, ref: nobody }, (event) => event),
  )
  const path = join(folder, 'nameless.db')
  const end = headOf(planted)
  const file = tamperWith(original, path, log.ref)
  for (const [index, row] of planted.rows.entries()) file.write(index + 1, 'hash', row)
  setHead(file, end.version, end.hash)
  for (const table of ['events', 'sessions']) file.exec(`DELETE FROM ${table} WHERE session_key <> :session`)
  file.close()
  const look = lookWithout(log.ref, end)
  const isHeld = !(await look(path, 'against'))
  if (!isHeld) throw new Error('expected the mistaken chain to hold before anything is done to it')
  const forgeries = await forgeAll(planted, { ref: log.ref, original: path, folder, look })
  const missed = forgeries.findIndex(({ isNoticedAlone, mayPassAlone }) => !isNoticedAlone && !mayPassAlone)
  return missed === -1 ? null : missed + 1
}

/** As `pawl verify` looks, over a store that gives every log as nobody's. */
function lookWithout(ref: SessionRef, end: { readonly version: number; readonly hash: string }): Look {
  return async (path, known) => {
    const kept = known === 'against' ? [{ ...ref, ...end }] : []
    const store = sqliteStore({ path, reserveBytes: 0 })
    try {
      const verified = [...(await verifyMissing(store, kept))]
      for (const head of await store.sessions({ limit: 10 })) {
        const ofHead = kept.filter(({ tenant, sessionId }) => tenant === head.tenant && sessionId === head.sessionId)
        const asNobody = ofHead.map((each) => ({ ...each, ...nobody }))
        verified.push(await verifyHead(nameless(store, head), { ...head, ...nobody }, asNobody))
      }
      return !verified.every(isSound)
    } finally {
      await store.close()
    }
  }
}

function nameless(store: Store, head: Head): Store {
  return {
    ...store,
    read: (_, after, limit) => store.read(head, after, limit),
    head: () => store.head(head),
  }
}
