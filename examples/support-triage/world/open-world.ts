import { DatabaseSync } from 'node:sqlite'
import { number, type Row } from './row.ts'
import { sampleNowMs } from './sample.ts'
import { schemaStatements, worldFormat } from './schema.ts'
import { seed } from './seed.ts'

/** Two pauses inside of a refund, in which a demo or a test can kill the process. */
export type RefundPause = {
  /** After the attempt is noted and before the case is written: a kill here leaves no case. */
  readonly beforeWriteMs: number
  /** After the case is committed and before the tool answers: a kill here leaves a case that nobody heard of. */
  readonly afterWriteMs: number
}

/** The outside world of the example: a billing system and its help pages, in one SQLite file. */
export type World = {
  readonly database: DatabaseSync
  readonly refundPause: RefundPause
  now(): number
  close(): void
}

export type WorldOptions = {
  /** The world's clock, in epoch milliseconds. Default: the moment at which the sample is set. */
  readonly now?: () => number
  readonly refundPause?: Partial<RefundPause>
}

/** The file holds a world of another format. */
export class WorldFormatError extends Error {
  readonly code = 'world_format'
  readonly found: number

  constructor(found: number) {
    super(`Expected a world of format ${worldFormat}, found ${found}. Delete the file to begin afresh.`)
    this.name = 'WorldFormatError'
    this.found = found
  }
}

/**
 * Opens the world at `path` (or `:memory:`), and seeds it when it is new. Several processes may have one file
 * open, and may create it at the same time: the seed is committed whole or not at all.
 */
export function openWorld(path: string, options: WorldOptions = {}): World {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    createIfNew(database)
  } catch (error) {
    database.close()
    throw error
  }
  return {
    database,
    refundPause: { beforeWriteMs: 0, afterWriteMs: 0, ...options.refundPause },
    now: options.now ?? (() => sampleNowMs),
    close: () => database.close(),
  }
}

/** Runs `work` in a transaction that holds SQLite's write lock from the start. What throws is rolled back. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some errors, for instance a full disk.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

const busyTimeoutMs = 5_000

function createIfNew(database: DatabaseSync): void {
  inTransaction(database, () => {
    const format = formatOf(database)
    if (format === worldFormat) return
    if (format !== 0) throw new WorldFormatError(format)
    for (const statement of schemaStatements) database.exec(statement)
    seed(database)
    database.exec(`PRAGMA user_version = ${worldFormat}`)
  })
}

function formatOf(database: DatabaseSync): number {
  const row: Row = database.prepare('PRAGMA user_version').get() ?? {}
  return number(row, 'user_version')
}
