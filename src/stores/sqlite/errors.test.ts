import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { atCommit, beforeCommit, fileError, isBusy, isNotADatabase } from './errors.ts'

function sqliteError(errcode: number): Error {
  return Object.assign(new Error(`code ${errcode}`), { code: 'ERR_SQLITE_ERROR', errcode })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'none'
}

test.each([
  ['SQLITE_BUSY', 5, 'store_unavailable', 'store_unavailable'],
  ['SQLITE_BUSY_SNAPSHOT', 517, 'store_unavailable', 'store_unavailable'],
  ['SQLITE_LOCKED', 6, 'store_unavailable', 'store_unavailable'],
  ['SQLITE_FULL', 13, 'store_full', 'store_full'],
  ['SQLITE_IOERR_WRITE', 778, 'store_full', 'store_unclear'],
  ['SQLITE_IOERR_SHMSIZE', 4874, 'store_full', 'store_unclear'],
  ['SQLITE_IOERR_FSYNC', 1034, 'store_unavailable', 'store_unclear'],
  ['SQLITE_NOMEM', 7, 'store_unavailable', 'store_unclear'],
  ['SQLITE_CANTOPEN', 14, 'store_unavailable', 'store_unclear'],
  ['SQLITE_CORRUPT', 11, 'store_corrupt', 'store_unclear'],
  ['SQLITE_NOTADB', 26, 'store_corrupt', 'store_unclear'],
  ['SQLITE_CONSTRAINT_UNIQUE', 2067, 'store_corrupt', 'store_unclear'],
])('%s (%i) means %s before the commit, and %s at the commit', (_name, errcode, before, at) => {
  const error = sqliteError(errcode)
  expect(codeOf(beforeCommit(error))).toBe(before)
  expect(codeOf(atCommit(error))).toBe(at)
  expect(beforeCommit(error)).toMatchObject({ cause: error })
})

test('an integer that no JavaScript number holds was not written by a store: the file is damaged', () => {
  const database = new DatabaseSync(':memory:')
  const read = () => database.prepare('SELECT 9007199254740993 AS seq').get()
  expect(read).toThrow(RangeError)
  expect(codeOf(beforeCommit(thrownBy(read)))).toBe('store_corrupt')
})

function thrownBy(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

test('an error that is not of SQLite stays what it is', () => {
  const error = new TypeError('ours')
  expect(beforeCommit(error)).toBe(error)
  expect(isBusy(error)).toBe(false)
})

test('a lock and a foreign file are told apart from other errors', () => {
  expect(isBusy(sqliteError(261))).toBe(true)
  expect(isNotADatabase(sqliteError(26))).toBe(true)
  expect(isNotADatabase(sqliteError(11))).toBe(false)
})

test.each([
  ['ENOSPC', 'store_full'],
  ['EDQUOT', 'store_full'],
  ['EFBIG', 'store_full'],
  ['EROFS', 'store_unavailable'],
  ['EACCES', 'store_unavailable'],
  ['EIO', 'store_unavailable'],
])('of a file beside the database, %s is %s', (code, expected) => {
  const error = Object.assign(new Error('the system said no'), { code, syscall: 'write' })
  expect(fileError(error)).toMatchObject({ code: expected, cause: error })
})

test('an error that is not of the system stays what it is', () => {
  const error = Object.assign(new TypeError('ours'), { code: 'ERR_INVALID_ARG_TYPE' })
  expect(fileError(error)).toBe(error)
})
