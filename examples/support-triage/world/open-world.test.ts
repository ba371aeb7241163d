import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inTransaction, openWorld, WorldFormatError } from './open-world.ts'
import { readPages } from './read-pages.ts'
import { refundCasesOf } from './refund-cases.ts'
import { sampleAccounts, sampleCharges, sampleNowMs } from './sample.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triage-world-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const count = (database: DatabaseSync, table: string): unknown =>
  database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows']

test('a new world holds the sample and the help pages', () => {
  const world = openWorld(':memory:')
  expect(count(world.database, 'accounts')).toBe(sampleAccounts.length)
  expect(count(world.database, 'charges')).toBe(sampleCharges.length)
  const pages = world.database.prepare('SELECT DISTINCT page FROM passages').all()
  expect(pages).toHaveLength(readPages().length)
  expect(refundCasesOf(world, 'acct_1006').map((refund) => refund.caseId)).toEqual(['RC-1001'])
  world.close()
})

test('a world that exists is opened as it is, also by several at once', () => {
  const path = join(folder, 'world.db')
  const first = openWorld(path)
  first.database.exec("UPDATE accounts SET company = 'Renamed' WHERE account_id = 'acct_1001'")
  const second = openWorld(path)
  const row = second.database.prepare("SELECT company FROM accounts WHERE account_id = 'acct_1001'").get()
  expect(row?.['company']).toBe('Renamed')
  expect(count(second.database, 'accounts')).toBe(sampleAccounts.length)
  first.close()
  second.close()
})

test('a world of another format is refused with an error that says so', () => {
  const path = join(folder, 'world.db')
  const other = new DatabaseSync(path)
  other.exec('PRAGMA user_version = 7')
  other.close()
  expect(() => openWorld(path)).toThrow(WorldFormatError)
  expect(() => openWorld(path)).toThrow(/format 1, found 7/)
})

test('work that throws in a transaction leaves nothing behind', () => {
  const world = openWorld(':memory:')
  const work = () => {
    world.database.exec("DELETE FROM refund_cases WHERE account_id = 'acct_1006'")
    throw new Error('no')
  }
  expect(() => inTransaction(world.database, work)).toThrow('no')
  expect(refundCasesOf(world, 'acct_1006')).toHaveLength(1)
  world.close()
})

test('the clock is the moment of the sample unless another is given', () => {
  const standing = openWorld(':memory:')
  const moved = openWorld(':memory:', { now: () => 1_800_000_000_000 })
  expect(standing.now()).toBe(sampleNowMs)
  expect(moved.now()).toBe(1_800_000_000_000)
  standing.close()
  moved.close()
})

test('a charge belongs to an account that exists', () => {
  const world = openWorld(':memory:')
  const orphan = `INSERT INTO charges VALUES ('ch_1', 'acct_9', 'INV-1', 'x', 100, 'settled', 0)`
  expect(() => world.database.exec(orphan)).toThrow(/FOREIGN KEY/)
  world.close()
})
