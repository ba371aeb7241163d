/** What SQLite's error codes mean for a write. */
import {
  PawlError,
  StoreCorruptError,
  StoreFullError,
  StoreUnavailableError,
  StoreUnclearError,
} from '../../ports/errors.ts'

/** The file cannot be opened by this program: a newer one wrote it, or it is not a Pawl file. Nothing in it was touched. */
export class StoreFileError extends PawlError {}

/** Primary result codes (https://www.sqlite.org/rescode.html). */
const ERROR = 1
const BUSY = 5
const LOCKED = 6
const CORRUPT = 11
const FULL = 13
/** A head and its log, or a row and its type, do not agree: the rules look before they write. */
const CONSTRAINT = 19
const NOTADB = 26

/** Extended ones. */
const IOERR_SHORT_READ = 522
const IOERR_WRITE = 778
const IOERR_SHMSIZE = 4874
const IOERR_DATA = 8202
const IOERR_CORRUPTFS = 8458

/** `busy`: later. `full`: no room. `corrupt`: the file. `other`: SQLite, for any other reason. `ours`: not of SQLite. */
type Fault = 'busy' | 'full' | 'corrupt' | 'other' | 'ours'

export function isBusy(error: unknown): boolean {
  return faultOf(error) === 'busy'
}

export function isNotADatabase(error: unknown): boolean {
  return (codeOf(error) ?? 0) % 256 === NOTADB
}

/** Of a statement before the commit: the transaction was rolled back, so nothing stands. */
export function beforeCommit(error: unknown): unknown {
  const said = messageOf(error)
  switch (faultOf(error)) {
    case 'ours':
      return error
    case 'full':
      return new StoreFullError(
        `Expected room for the write, found none (${said}). Nothing of it was written. Make room on the disk; it may be tried again.`,
        { cause: error },
      )
    case 'corrupt':
      return new StoreCorruptError(
        `Expected a sound file, found a damaged one (${said}). Stop writing to it, keep a copy, and restore a backup.`,
        { cause: error },
      )
    default:
      return new StoreUnavailableError(
        `Expected the store to answer, found it unavailable (${said}). Nothing was written; it may be tried again.`,
        { cause: error },
      )
  }
}

/** Of preparing a statement: SQLite has an error of its own for a name that the schema lacks, which every store has. */
export function notOurTables(error: unknown): unknown {
  if (codeOf(error) !== ERROR) return beforeCommit(error)
  return new StoreCorruptError(
    `Expected the tables of a store, found others (${messageOf(error)}): the file is damaged. Keep a copy, and restore a backup.`,
    { cause: error },
  )
}

/**
 * Of COMMIT itself. Two codes are known to leave nothing. `full`: SQLite writes the frame that commits last, so whichever write found
 * no room, that frame is not whole, and its checksum fails. `busy`: the lock was not had. Any other may come after that frame was
 * written: a failed fsync (it may be on the disk nevertheless), or a shared-memory index that could not grow (a reader that
 * recovers the file finds the frame). This process does not see such a transaction, but after a crash it may stand.
 */
export function atCommit(error: unknown): unknown {
  const fault = faultOf(error)
  if (fault === 'busy' || (fault === 'full' && codeOf(error) === FULL)) return beforeCommit(error)
  return new StoreUnclearError(
    `Expected the commit to be answered, found that it may stand or not (${messageOf(error)}). Read the log again before anything starts.`,
    { cause: error },
  )
}

/** Of a file beside the database. Whatever was begun of it is never seen: no row names it. */
export function fileError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error
  const said = error.message
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG')
    return new StoreFullError(
      `Expected room for an artifact, found none (${said}). Nothing of it was kept. Make room on the disk; it may be tried again.`,
      { cause: error },
    )
  return new StoreUnavailableError(
    `Expected to reach the folder of the artifacts, found: ${said}. Check that it may be read and written to; it may be tried again.`,
    { cause: error },
  )
}

function faultOf(error: unknown): Fault {
  const code = codeOf(error)
  if (code === undefined) return isTooLarge(error) ? 'corrupt' : 'ours'
  if (code === IOERR_WRITE || code === IOERR_SHMSIZE) return 'full'
  if (code === IOERR_SHORT_READ || code === IOERR_DATA || code === IOERR_CORRUPTFS) return 'corrupt'
  const primary = code % 256
  if (primary === BUSY || primary === LOCKED) return 'busy'
  if (primary === FULL) return 'full'
  return primary === CORRUPT || primary === CONSTRAINT || primary === NOTADB ? 'corrupt' : 'other'
}

/** node:sqlite throws it for an integer that no JavaScript number holds, and so for one that no store has written. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

/** node:sqlite puts SQLite's extended result code in `errcode`. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.message}, SQLite code ${codeOf(error)}` : String(error)
}
