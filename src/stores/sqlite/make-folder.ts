import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder, with those above it that are missing, and syncs each new name: SQLite syncs the names in its file's folder, but
 * where the folder's own name is lost with the power, so is everything that was committed in it.
 */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true })
  if (first === undefined) return
  const highest = resolve(first)
  for (let made = resolve(path); made.length >= highest.length; made = dirname(made)) syncFolder(dirname(made))
}

/** Where a folder cannot be synced, names need no sync, or nothing can be done about it: SQLite takes it like that too. */
export function syncFolder(path: string): void {
  try {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // As above.
  }
}
