/** Contents that are too large for a row: a file each, in a folder beside the database. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, syncFolder } from './make-folder.ts'

/** Contents of so many bytes or more have a file; SQLite reads smaller ones faster than a file system does. */
export const FILE_BYTES = 131_072

export interface ArtifactFiles {
  /** There, whole and synced, when this returns; saved again, nothing changes but its time. */
  save(tenant: string, hash: string, bytes: Uint8Array): void
  /** Undefined: it is gone. */
  read(tenant: string, hash: string): Uint8Array | undefined
  delete(tenant: string, hash: string): void
  /** Names of files that were written before a moment, epoch milliseconds: a process may have died before its row was committed. */
  olderThan(before: number): readonly string[]
  deleteNamed(name: string): void
}

export function artifactFiles(folder: string): ArtifactFiles {
  const pathOf = (tenant: string, hash: string) => join(folder, nameOf(tenant, hash))
  return {
    save(tenant, hash, bytes) {
      makeFolder(folder)
      const target = pathOf(tenant, hash)
      const unfinished = `${target}.${process.pid}.tmp`
      const descriptor = openSync(unfinished, 'w')
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(unfinished, target)
      syncFolder(folder)
    },
    read: (tenant, hash) => ifThere(() => new Uint8Array(readFileSync(pathOf(tenant, hash)))),
    delete: (tenant, hash) => rmSync(pathOf(tenant, hash), { force: true }),
    olderThan: (before) =>
      (ifThere(() => readdirSync(folder)) ?? []).filter((name) => {
        const written = ifThere(() => statSync(join(folder, name)).mtimeMs)
        return written !== undefined && written < before
      }),
    deleteNamed: (name) => rmSync(join(folder, name), { force: true }),
  }
}

/** A tenant's name may hold anything; its hash says nothing to whoever lists the folder. */
export function nameOf(tenant: string, hash: string): string {
  return `${createHash('sha256').update(tenant).digest('hex').slice(0, 32)}-${hash}`
}

function ifThere<Result>(look: () => Result): Result | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
