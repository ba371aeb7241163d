/** What can be full: a disk of its own, or a file with a limit. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { SqliteStoreOptions } from 'pawl/stores/sqlite'

export interface Room {
  /** Where the store's file lies, and how it is opened now. */
  readonly store: SqliteStoreOptions
  /** Called before a commit, with how many there have been: at its step the room runs out. */
  beforeCommit(commits: number): void
  /** Takes what is free now, as another program would. A file with a limit has nothing that others could take. */
  fillUp(): void
  /** Room again. A limit of the file counts from the next opening of the store. */
  makeRoom(): 'at_once' | 'when_opened'
  remove(): void
}

/** What does not fit: a store, its log, its reserve and a few sessions take less than half of it. */
const DISK_BYTES = 3 * 1_048_576
/** Mounting takes milliseconds; one that hangs is an error. */
const MOUNT_MS = 30_000
const BLOCK = Buffer.alloc(4_096, 1)

/** A small disk in memory; from commit `step` on not one block of it is free. */
export function diskRoom(folder: string, step: number, reserveBytes?: number): Room {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { timeout: MOUNT_MS })
  const ballast = join(folder, 'ballast')
  let isFilled = false
  return {
    store: { path: join(folder, 'pawl.db'), ...(reserveBytes !== undefined && { reserveBytes }) },
    beforeCommit: (commits) => {
      if (isFilled || commits < step) return
      isFilled = true
      fillUp(ballast)
    },
    fillUp: () => fillUp(ballast),
    makeRoom: () => {
      isFilled = true
      rmSync(ballast, { force: true })
      return 'at_once'
    },
    remove: () => {
      execFileSync('umount', ['-l', folder], { timeout: MOUNT_MS })
      rmSync(folder, { recursive: true })
    },
  }
}

function fillUp(ballast: string): void {
  const descriptor = openSync(ballast, 'a')
  try {
    for (;;) writeSync(descriptor, BLOCK)
  } catch (problem) {
    if (!(problem instanceof Error && 'code' in problem && problem.code === 'ENOSPC')) throw problem
  } finally {
    closeSync(descriptor)
  }
}

/** Kept back of a file with a limit; less than a quarter of the smallest one, so that it does not depend on the step. */
const KEPT_PAGES = 6

/** A file that may have so many pages, and those that are kept back. Opened again it has no limit. */
export function pageRoom(folder: string, pages: number, reserveBytes = KEPT_PAGES * PAGE_BYTES): Room {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'pawl.db')
  const limited = {
    maxFileBytes: pages * PAGE_BYTES + reserveBytes,
    reserveBytes,
  }
  let hasRoom = false
  return {
    get store() {
      return { path, ...(hasRoom ? {} : limited) }
    },
    beforeCommit: () => {},
    fillUp: () => {},
    makeRoom: () => {
      hasRoom = true
      return 'when_opened'
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Of the store's format. */
export const PAGE_BYTES = 2_048

/** A limit that no round reaches. */
export const PAGES_WITHOUT_END = 100_000
