/**
 * Room that is kept back, so that a session can still be cancelled where a disk, or a file with a limit, is full.
 *
 * On a disk it is a file beside the database, of bytes that no file system makes smaller, and it is given up in steps: what a cancel
 * leaves of a step goes to whichever write comes next, so a reserve that was given up whole would serve one cancel only.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, ftruncateSync, openSync, statfsSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

/** Default of `reserveBytes`: eight steps, so eight cancels on a disk without a free block. */
export const RESERVE_BYTES = 262_144

/** Given up at a time: what a cancel writes, or the shared memory of a file that nobody else has open. */
export const STEP_BYTES = 32_768

/** Of a file with a limit, at most this part is kept back. */
const MOST_OF_FILE = 1 / 4

export interface Reserve {
  /** Nothing is left to give up. */
  readonly isSpent: boolean
  /** Makes room for one write. Called under the file's write lock, so that no other writer of the file takes it first. */
  giveUp(): void
  /** Called after every transaction: takes back what was given up, where there is room again. */
  takeBack(): void
}

export const noReserve: Reserve = { isSpent: true, giveUp: () => {}, takeBack: () => {} }

export function reservePath(path: string): string {
  return `${path}-reserve`
}

/**
 * The reserve of a disk. Several processes share one: its size on the disk is all there is to know. What fails here never fails a
 * write: then there is less of a reserve, and `pawl doctor` says so. It is looked at when a store is opened, and after commits from
 * when this process has given some of it up until it is whole again.
 */
export function diskReserve(path: string, bytes: number): Reserve {
  if (path === ':memory:' || path === '' || bytes === 0) return noReserve
  const file = reservePath(path)
  let isSettled = false
  // Another user's file, or one that may not be written: it gives nothing, however often it is asked.
  let isStuck = false
  return {
    get isSpent() {
      return isStuck || reservedBytes(path) === 0
    },
    giveUp() {
      isSettled = false
      isStuck = !cut(file, Math.max(0, reservedBytes(path) - STEP_BYTES))
    },
    takeBack() {
      if (isSettled) return
      const kept = reservedBytes(path)
      const missing = bytes - kept
      // As much again stays free: the last room on a disk belongs to the sessions.
      if (missing > 0 && freeBytes(file) < missing + bytes) return
      if (missing > 0) fill(file, kept, missing)
      isSettled = true
    },
  }
}

/** The reserve of a file with a limit: pages that only a write which asks for the reserve may use. */
export function pageReserve(database: DatabaseSync, maxFileBytes: number, bytes: number): Reserve {
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size'])
  const pagesOf = (size: number) => Math.max(1, Math.floor(size / pageSize))
  const limit = (pages: number) => database.exec(`PRAGMA max_page_count = ${pages}`)
  const kept = Math.floor(Math.min(bytes, maxFileBytes * MOST_OF_FILE))
  let isGiven = false
  limit(pagesOf(maxFileBytes - kept))
  return {
    get isSpent() {
      return isGiven || kept === 0
    },
    giveUp() {
      isGiven = true
      limit(pagesOf(maxFileBytes))
    },
    takeBack() {
      if (isGiven) limit(pagesOf(maxFileBytes - kept))
      isGiven = false
    },
  }
}

/** The first one that has something left gives it up. */
export function inTurn(reserves: readonly Reserve[]): Reserve {
  return {
    get isSpent() {
      return reserves.every((reserve) => reserve.isSpent)
    },
    giveUp: () => reserves.find((reserve) => !reserve.isSpent)?.giveUp(),
    takeBack: () => {
      for (const reserve of reserves) reserve.takeBack()
    },
  }
}

/** What a cancel can count on, in bytes. */
export function reservedBytes(path: string): number {
  return orNothing(() => statSync(reservePath(path), { throwIfNoEntry: false })?.size ?? 0)
}

function freeBytes(file: string): number {
  return orNothing(() => {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize
  })
}

function orNothing(count: () => number): number {
  try {
    return count()
  } catch {
    return 0
  }
}

/** Synced: some file systems give freed blocks to another file only when the truncation is on the disk. */
function cut(file: string, size: number): boolean {
  return withFile(file, 'r+', (descriptor) => {
    ftruncateSync(descriptor, size)
    fsyncSync(descriptor)
  })
}

/** Synced: some file systems choose blocks only then. Random: some store what can be compressed in fewer. */
function fill(file: string, kept: number, missing: number): void {
  const isFilled = withFile(file, 'a', (descriptor) => {
    for (let left = missing; left > 0; ) left -= writeSync(descriptor, randomBytes(left))
    fsyncSync(descriptor)
  })
  // Somebody took the room meanwhile: the sessions have more use for the rest of it.
  if (!isFilled) cut(file, kept)
}

function withFile(file: string, flags: 'r+' | 'a', change: (descriptor: number) => void): boolean {
  try {
    const descriptor = openSync(file, flags)
    try {
      change(descriptor)
    } finally {
      closeSync(descriptor)
    }
    return true
  } catch {
    return false
  }
}
