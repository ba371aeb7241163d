/** Artifacts in SQLite: small ones in their row, large ones in files beside it. */
import type { DatabaseSync } from 'node:sqlite'
import type { Tables } from '../tables.ts'
import { type ArtifactFiles, FILE_BYTES, nameOf } from './artifact-files.ts'
import * as sql from './sql-artifacts.ts'

type Found = { readonly media_type: string; readonly saved_at: number; readonly bytes: Uint8Array | null }
type Orphan = { readonly artifact_key: number; readonly tenant: string; readonly hash: string; readonly is_file: number }

export type ArtifactTables = Pick<
  Tables,
  'artifact' | 'saveArtifact' | 'hasArtifact' | 'useArtifact' | 'sweepArtifacts'
>

/** `files`: null where there is no file that they could stand beside; then all stand in their rows. */
export function artifactTables(database: DatabaseSync, files: ArtifactFiles | null): ArtifactTables {
  const select = database.prepare(sql.SELECT_ARTIFACT)
  const exists = database.prepare(sql.SELECT_ARTIFACT_KEY)
  const upsert = database.prepare(sql.UPSERT_ARTIFACT)
  const use = database.prepare(sql.INSERT_ARTIFACT_USE)
  const orphans = database.prepare(sql.SELECT_ORPHANS)
  const remove = database.prepare(sql.DELETE_ARTIFACT)
  const fileOf = database.prepare(sql.SELECT_ARTIFACT_FILES)
  return {
    artifact(tenant, hash) {
      // Columns of SELECT_ARTIFACT.
      const row = select.get(tenant, hash) as Found | undefined
      const bytes = row?.bytes ?? (row === undefined ? undefined : files?.read(tenant, hash))
      if (row === undefined || bytes === undefined) return undefined
      return { hash, mediaType: row.media_type, bytes, savedAt: row.saved_at }
    },
    saveArtifact(tenant, { hash, mediaType, bytes, savedAt }) {
      const isFile = files !== null && bytes.length >= FILE_BYTES
      // The file first: a row never names what is not there.
      if (isFile) files.save(tenant, hash, bytes)
      upsert.run(tenant, hash, mediaType, savedAt, isFile ? null : bytes)
    },
    hasArtifact: (tenant, hash) => exists.get(tenant, hash) !== undefined,
    useArtifact: (key, tenant, hash) => use.run(key, tenant, hash),
    sweepArtifacts({ before, limit }) {
      // Columns of SELECT_ORPHANS.
      const gone = orphans.all(before, limit) as Orphan[]
      for (const { artifact_key, tenant, hash, is_file } of gone) {
        remove.run(artifact_key)
        if (is_file === 1) files?.delete(tenant, hash)
      }
      if (files !== null) sweepFiles(files, before, fileOf.all() as { tenant: string; hash: string }[])
      return gone.length
    },
  }
}

/** A process has died between its file and its row. */
function sweepFiles(files: ArtifactFiles, before: number, named: readonly { tenant: string; hash: string }[]): void {
  const kept = new Set(named.map(({ tenant, hash }) => nameOf(tenant, hash)))
  for (const name of files.olderThan(before)) if (!kept.has(name)) files.deleteNamed(name)
}
