import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../../ports/errors.ts'
import { beforeCommit } from './errors.ts'
import { BUSY_RETRY_MS, MAX_BUSY_RETRIES } from './group-commit.ts'

/**
 * Moves what the write-ahead log holds into the file, and cuts the log off: it holds pages as they were before. Waits for readers and
 * writers of other connections without holding up the event loop; those who ask while one is to come share it.
 */
export function logCutter(database: DatabaseSync): () => Promise<void> {
  const cut = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  const isCut = (): boolean => {
    try {
      return cut.get()?.['busy'] === 0
    } catch (error) {
      throw beforeCommit(error)
    }
  }
  let coming: Promise<void> | null = null
  const begin = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    coming = null
    for (let retries = 0; database.isOpen && !isCut(); retries += 1) {
      if (retries >= MAX_BUSY_RETRIES)
        throw new StoreUnavailableError('Expected other readers of the file to finish, found that one goes on reading.')
      await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS))
    }
  }
  return () => {
    coming ??= begin()
    return coming
  }
}
