import type { DatabaseSync } from 'node:sqlite'
import type { Leases, SessionRef } from '../../ports/index.ts'
import type { Tables } from '../tables.ts'
import { DATA_VERSION } from './sql.ts'

type Known = Parameters<Leases['moved']>[0]

/**
 * Compares heads, and remembers them until this connection (`ownCommits`) or another (`data_version`) commits: a poll of an idle
 * store reads one pragma and no row.
 */
export function movedHeads(
  database: DatabaseSync,
  tables: Tables,
  ownCommits: () => number,
): (known: Known) => readonly SessionRef[] {
  const dataVersion = database.prepare(DATA_VERSION)
  const heads = new Map<string, string>()
  let seen = ''
  return (known) => {
    const stamp = `${dataVersion.get()?.['data_version']} ${ownCommits()}`
    if (stamp !== seen) heads.clear()
    seen = stamp
    return known.flatMap(({ ref, version, fence }) => {
      const key = `${ref.tenant.length}:${ref.tenant}${ref.sessionId}`
      const place = heads.get(key) ?? placeOf(tables, ref)
      heads.set(key, place)
      return place === `${version} ${fence}` ? [] : [ref]
    })
  }
}

function placeOf(tables: Tables, ref: SessionRef): string {
  const head = tables.head(ref)
  return head ? `${head.version} ${head.fence}` : 'none'
}
