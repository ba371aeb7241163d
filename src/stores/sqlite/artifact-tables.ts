/** Artifacts in SQLite, and what an erasure takes away. The bytes of large ones stand in files beside it (see contents.ts). */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { GoneArtifact, Tables } from '../tables.ts'
import { nameOf } from './artifact-files.ts'
import { sqlLimit } from './rows.ts'
import * as sql from './sql-artifacts.ts'

type Found = { readonly media_type: string; readonly saved_at: number; readonly bytes: Uint8Array | null }
type Gone = { readonly key: number; readonly tenant: string; readonly hash: string; readonly isFile: number }

export type ArtifactTables = Pick<
  Tables,
  'artifact' | 'saveArtifact' | 'hasArtifact' | 'useArtifact' | 'sweepArtifacts' | 'dropArtifacts'
>

export function artifactTables(database: DatabaseSync): ArtifactTables {
  const select = database.prepare(sql.SELECT_ARTIFACT)
  const selectKey = database.prepare(sql.SELECT_ARTIFACT_KEY)
  const upsert = database.prepare(sql.UPSERT_ARTIFACT)
  return {
    artifact(tenant, hash) {
      // Columns of SELECT_ARTIFACT.
      const row = select.get(tenant, hash) as Found | undefined
      return row && { hash, mediaType: row.media_type, bytes: row.bytes, savedAt: row.saved_at }
    },
    saveArtifact: (tenant, { hash, mediaType, bytes, savedAt }) => upsert.run(tenant, hash, mediaType, savedAt, bytes),
    hasArtifact: (tenant, hash) => selectKey.get(tenant, hash) !== undefined,
    ...useTables(database, selectKey),
  }
}

function useTables(
  database: DatabaseSync,
  selectKey: StatementSync,
): Pick<Tables, 'useArtifact' | 'sweepArtifacts' | 'dropArtifacts'> {
  const useAgain = database.prepare(sql.UPDATE_ARTIFACT_USE)
  const use = database.prepare(sql.INSERT_ARTIFACT_USE)
  const count = database.prepare(sql.COUNT_USE)
  const selectOrphans = database.prepare(sql.SELECT_ORPHANS)
  const selectOwn = database.prepare(sql.SELECT_OWN)
  const uncount = database.prepare(sql.UNCOUNT_USES)
  const deleteUses = database.prepare(sql.DELETE_USES)
  const deleteRow = database.prepare(sql.DELETE_ARTIFACT)
  const remove = (rows: readonly unknown[]): readonly GoneArtifact[] => {
    // Rows of SELECT_ORPHANS or SELECT_OWN.
    return (rows as readonly Gone[]).map(({ key, tenant, hash, isFile }) => {
      deleteRow.run(key)
      return { tenant, hash, isFile: isFile === 1 }
    })
  }
  return {
    useArtifact(sessionKey, { tenant, hash, at }) {
      const { artifact_key: key = null } = selectKey.get(tenant, hash) ?? {}
      if (useAgain.run(sessionKey, key, at).changes > 0) return
      use.run(sessionKey, key, at)
      count.run(key)
    },
    sweepArtifacts: ({ before, limit }) => remove(selectOrphans.all(before, sqlLimit(limit))),
    dropArtifacts(sessionKey) {
      const own = selectOwn.all(sessionKey)
      uncount.run(sessionKey)
      deleteUses.run(sessionKey)
      return remove(own)
    },
  }
}

/** Whether a row says that its content stands in the file of this name. */
export function fileNames(database: DatabaseSync): (name: string) => boolean {
  const select = database.prepare(sql.SELECT_FILE_TENANTS)
  return (name) => select.all(name.slice(name.indexOf('-') + 1)).some(isOf(name))
}

function isOf(name: string): (row: object) => boolean {
  return (row) => 'tenant' in row && typeof row.tenant === 'string' && name === nameOf(row.tenant, hashOf(name))
}

function hashOf(name: string): string {
  return name.slice(name.indexOf('-') + 1)
}

export function erasureTables(database: DatabaseSync): Pick<Tables, 'eraseContent' | 'saveTombstone'> {
  const eraseEvents = database.prepare(sql.ERASE_EVENTS)
  const deleteSnapshot = database.prepare(sql.DELETE_SNAPSHOT)
  const deleteApprovals = database.prepare(sql.DELETE_APPROVALS)
  const updateTombstone = database.prepare(sql.UPDATE_TOMBSTONE)
  return {
    eraseContent(key) {
      deleteSnapshot.run(key)
      deleteApprovals.run(key)
      return Number(eraseEvents.run(key).changes)
    },
    saveTombstone: (key, erasedAt) => updateTombstone.run(key, erasedAt),
  }
}
