import type { DatabaseSync } from 'node:sqlite'
import { StoreFullError, StoreUnclearError } from '../../ports/errors.ts'
import type { Rules } from '../tables.ts'
import { atCommit, beforeCommit, isBusy } from './errors.ts'

export type Rule = (rules: Rules) => unknown

/**
 * What came of a transaction. `busy`: another process writes; nothing was begun. `failed`: nothing stands, and some rule of the
 * group may be to blame for it. `refused`: it is nobody's fault, or nobody knows whether it stands.
 */
export type Transacted =
  | { readonly type: 'committed'; readonly answers: readonly unknown[] }
  | { readonly type: 'busy'; readonly error: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'refused'; readonly error: unknown }

/** Runs rules in one transaction: all of them commit, or none. */
export type Transact = (group: readonly Rule[]) => Transacted

export function transactions(database: DatabaseSync, rules: Rules): Transact {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')

  function failed(error: unknown): Transacted {
    const isUnclear = error instanceof StoreUnclearError
    try {
      rollBack(database)
      if (error instanceof StoreFullError) reuseLog(database)
    } catch {
      // What failed first is what the caller hears; the next transaction rolls back before it begins.
    }
    return { type: isUnclear ? 'refused' : 'failed', error }
  }

  return (group) => {
    try {
      rollBack(database) // A rollback that failed before may succeed now.
      begin.run()
    } catch (error) {
      return { type: isBusy(error) ? 'busy' : 'refused', error: beforeCommit(error) }
    }
    let answers: readonly unknown[]
    try {
      answers = group.map((rule) => rule(rules))
    } catch (error) {
      return failed(beforeCommit(error))
    }
    try {
      commit.run()
    } catch (error) {
      return failed(atCommit(error))
    }
    return { type: 'committed', answers }
  }
}

/** SQLite has rolled back by itself after some errors. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}

/** On a full disk: moves what the write-ahead log holds into the file if it fits, so that the log's own space takes the next writes. */
function reuseLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(RESTART)')
}
