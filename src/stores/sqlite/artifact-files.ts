/** Contents that are too large for a row: a file each, in a folder beside the database. */
import { createHash, randomBytes } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from './errors.ts'
import { makeFolder, syncFolder } from './make-folder.ts'

/** Contents of so many bytes or more have a file; SQLite reads smaller ones faster than a file system does. */
export const FILE_BYTES = 131_072

/** As `nameOf` makes them. What else lies in the folder is not ours to clear away, or has yet to be placed. */
const NAME = /^[0-9a-f]{32}-[0-9a-f]{64}$/

/** Bytes that are written and synced, under a name that nobody reads. */
export interface Unplaced {
  /** Gives them their name, durably. Called under the database's write lock, in the transaction of their row. */
  place(): void
  /** Takes them away again, where they were not placed. */
  discard(): Promise<void>
}

/** All of it throws errors of the store. */
export interface ArtifactFiles {
  /** `savedAt`: epoch milliseconds; the file gets this time. */
  write(name: string, bytes: Uint8Array, savedAt: number): Promise<Unplaced>
  /** Undefined: it is gone. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Called under the database's write lock, when no row names it: somebody may be placing the same content. */
  remove(name: string): void
  /** Names of files that were written before a moment, epoch milliseconds: a process may have died before its row was committed. */
  olderThan(before: number): Promise<readonly string[]>
  /** Names of files that were given theirs: each has a row, or its row is gone, or never came. */
  placed(): Promise<readonly string[]>
}

export function artifactFiles(folder: string): ArtifactFiles {
  return {
    write: (name, bytes, savedAt) => orStoreError(() => write(folder, name, { bytes, savedAt })),
    read: (name) => orStoreError(() => ifThere(() => readFile(join(folder, name)))),
    remove: (name) => now(() => rmSync(join(folder, name), { force: true })),
    olderThan: (before) => orStoreError(() => olderThan(folder, before)),
    placed: () => orStoreError(() => placed(folder)),
  }
}

/** A tenant's name may hold anything; its hash says nothing to whoever lists the folder. */
export function nameOf(tenant: string, hash: string): string {
  return `${createHash('sha256').update(tenant).digest('hex').slice(0, 32)}-${hash}`
}

type Content = { readonly bytes: Uint8Array; readonly savedAt: number }

async function write(folder: string, name: string, { bytes, savedAt }: Content): Promise<Unplaced> {
  makeFolder(folder)
  // Threads of one process may write the same at once.
  const unplaced = join(folder, `${name}.${randomBytes(8).toString('hex')}.tmp`)
  const discard = () => rm(unplaced, { force: true })
  try {
    const file = await open(unplaced, 'wx')
    try {
      await file.writeFile(bytes)
      await file.utimes(savedAt / 1_000, savedAt / 1_000)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await discard().catch(() => {})
    throw error
  }
  const place = () => {
    renameSync(unplaced, join(folder, name))
    syncFolder(folder)
  }
  return { place: () => now(place), discard }
}

async function olderThan(folder: string, before: number): Promise<readonly string[]> {
  const old: string[] = []
  for (const name of (await ifThere(() => readdir(folder))) ?? []) {
    const found = await ifThere(() => stat(join(folder, name)))
    if (found?.isFile() && found.mtimeMs < before) old.push(name)
  }
  return old
}

async function placed(folder: string): Promise<readonly string[]> {
  const entries = (await ifThere(() => readdir(folder, { withFileTypes: true }))) ?? []
  return entries.flatMap((entry) => (entry.isFile() && NAME.test(entry.name) ? [entry.name] : []))
}

async function ifThere<Result>(look: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function orStoreError<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw fileError(error)
  }
}

function now(work: () => void): void {
  try {
    work()
  } catch (error) {
    throw fileError(error)
  }
}
