import type { DatabaseSync } from 'node:sqlite'
import { StoreFullError, StoreUnclearError } from '../../ports/errors.ts'
import type { Rules } from '../tables.ts'
import { atCommit, beforeCommit, isBusy } from './errors.ts'
import { noReserve, type Reserve } from './reserve.ts'

/** Steps of a reserve that one write may use up. */
const MAX_STEPS = 64

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

/** Runs rules in one transaction: all of them commit, or none. Where there is no room, `urgent` ones may use the reserve. */
export type Transact = (group: readonly Rule[], options?: { readonly urgent: boolean }) => Transacted

export function transactions(database: DatabaseSync, rules: Rules, reserve: Reserve = noReserve): Transact {
  const attempt = attempts(database, rules, reserve)
  return (group, { urgent } = { urgent: false }) => {
    let done = attempt(group, false)
    for (let steps = 0; urgent && isFull(done) && !reserve.isSpent && steps < MAX_STEPS; steps += 1)
      done = attempt(group, true)
    try {
      reserve.takeBack()
    } catch {
      // It is tried again after the next transaction.
    }
    return done
  }
}

/** One try each; `isInReserve`: after the reserve has given up a step, while nobody else can write. */
type Attempt = (group: readonly Rule[], isInReserve: boolean) => Transacted

function attempts(database: DatabaseSync, rules: Rules, reserve: Reserve): Attempt {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')

  function failed(error: unknown, isInReserve: boolean): Transacted {
    const isUnclear = error instanceof StoreUnclearError
    try {
      rollBack(database)
      // What the reserve gave is for the next try, not for a checkpoint that may need more than there is.
      if (error instanceof StoreFullError && !isInReserve) reuseLog(database)
    } catch {
      // What failed first is what the caller hears; the next transaction rolls back before it begins.
    }
    return { type: isUnclear ? 'refused' : 'failed', error }
  }

  return (group, isInReserve) => {
    try {
      rollBack(database) // A rollback that failed before may succeed now.
      begin.run()
    } catch (error) {
      return { type: isBusy(error) ? 'busy' : 'refused', error: beforeCommit(error) }
    }
    let answers: readonly unknown[]
    try {
      if (isInReserve) reserve.giveUp()
      answers = group.map((rule) => rule(rules))
    } catch (error) {
      return failed(beforeCommit(error), isInReserve)
    }
    try {
      commit.run()
    } catch (error) {
      return failed(atCommit(error), isInReserve)
    }
    return { type: 'committed', answers }
  }
}

function isFull(done: Transacted): boolean {
  return done.type === 'failed' && done.error instanceof StoreFullError
}

/** SQLite has rolled back by itself after some errors. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}

/** On a full disk: moves what the write-ahead log holds into the file if it fits, so that the log's own space takes the next writes. */
function reuseLog(database: DatabaseSync): void {
  database.exec('PRAGMA wal_checkpoint(RESTART)')
}
