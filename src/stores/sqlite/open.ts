import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreFullError, StoreUnavailableError } from '../../ports/errors.ts'
import { beforeCommit, isNotADatabase, StoreFileError } from './errors.ts'
import { makeFolder } from './make-folder.ts'
import type { Reserve } from './reserve.ts'
import { APPLICATION_ID, SCHEMA_VERSION, stepsFrom } from './schema.ts'

/** A permanent format: it is chosen when a file is made. Measured against 4096: see docs/decisions/0001-permanent-formats.md. */
const PAGE_SIZE = 2048

/** While opening, another process may be making the same file. */
const OPENING_TIMEOUT_MS = 5_000

/** How long a statement may hold up the event loop for another process's commit. Longer waits are made outside SQLite. */
const BUSY_TIMEOUT_MS = 10

export type OpenOptions = {
  readonly synchronous: 'FULL' | 'NORMAL'
  readonly pageSize?: number
}

/** Opens a file; where a full disk has no room for its shared memory, in the room that the reserve gives up. */
export function openInReserve(path: string, options: OpenOptions, reserve: Reserve): DatabaseSync {
  for (;;) {
    try {
      return openDatabase(path, options)
    } catch (error) {
      if (!(error instanceof StoreFullError) || reserve.isSpent) throw error
      reserve.giveUp()
    }
  }
}

/** Opens a file, and makes it a store where it is empty. Throws `StoreFileError` before it has changed anything of another's. */
export function openDatabase(path: string, options: OpenOptions): DatabaseSync {
  const { synchronous, pageSize = PAGE_SIZE } = options
  const database = connect(path)
  try {
    const version = versionOf(database, path)
    if (version === 0) database.exec(`PRAGMA page_size = ${pageSize}`)
    useWal(database, path)
    if (version < SCHEMA_VERSION) bringUpToDate(database, path)
    database.exec(`PRAGMA synchronous = ${synchronous}`)
    database.exec('PRAGMA wal_autocheckpoint = 1000')
    // What is erased leaves nothing behind in the file, and neither does what was replaced before it: a snapshot, a moved row.
    database.exec('PRAGMA secure_delete = ON')
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return database
  } catch (error) {
    database.close()
    if (isNotADatabase(error)) throw foreign(path, 'no SQLite database, or one whose first page is damaged', error)
    throw beforeCommit(error)
  }
}

function connect(path: string): DatabaseSync {
  try {
    if (path !== ':memory:') makeFolder(dirname(path))
    return new DatabaseSync(path, { timeout: OPENING_TIMEOUT_MS })
  } catch (error) {
    const why = 'Check that its folder exists and may be written to'
    const said = error instanceof Error ? error.message : String(error)
    throw new StoreUnavailableError(`Expected to open ${path}, found: ${said}. ${why}.`, { cause: error })
  }
}

/** The schema that the file has; 0: its tables have yet to be made. */
function versionOf(database: DatabaseSync, path: string): number {
  const applicationId = pragma(database, 'application_id')
  const version = pragma(database, 'user_version')
  if (applicationId === APPLICATION_ID) {
    if (version > SCHEMA_VERSION)
      throw new StoreFileError(
        'store_newer',
        `Expected ${path} to have schema ${SCHEMA_VERSION} or older, found ${version}: a newer Pawl wrote it. Use that version or a later one; nothing was changed.`,
      )
    return version
  }
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {}
  if (applicationId !== 0 || version !== 0 || tables !== 0) throw foreign(path, 'a SQLite database of another program')
  return 0
}

/**
 * Makes the tables that are missing, in one transaction. The page size and WAL are set outside of it; a crash in between leaves a file
 * without tables, which is made again. A process of an older version that has the file open goes on: nothing that it knows is changed.
 */
function bringUpToDate(database: DatabaseSync, path: string): void {
  database.exec('PRAGMA synchronous = FULL')
  database.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have done it since.
    for (const statement of stepsFrom(versionOf(database, path))) database.exec(statement)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** The file remembers the mode; a file system without shared memory refuses it, and answers with another. */
function useWal(database: DatabaseSync, path: string): void {
  const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode']
  if (mode !== 'wal' && mode !== 'memory')
    throw new StoreUnavailableError(
      `Expected ${path} to take a write-ahead log, found journal mode ${mode}. Put it on a local disk; network file systems cannot hold it.`,
    )
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

function foreign(path: string, found: string, cause?: unknown): StoreFileError {
  const message = `Expected ${path} to be empty or a Pawl store, found ${found}. Give another path; nothing was changed.`
  return new StoreFileError('store_foreign', message, { cause })
}
