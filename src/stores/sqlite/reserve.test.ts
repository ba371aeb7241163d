import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StoreFullError } from '../../ports/errors.ts'
import type { NewEvent, SessionRef } from '../../ports/index.ts'
import type { Rules } from '../tables.ts'
import { type SqliteStore, sqliteStore } from './index.ts'
import { diskReserve, inTurn, noReserve, pageReserve, RESERVE_BYTES, reservePath, STEP_BYTES } from './reserve.ts'
import { transactions } from './transact.ts'

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  path = join(folder, 'pawl.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

function sizeOnDisk(): number {
  return statSync(reservePath(path), { throwIfNoEntry: false })?.size ?? 0
}

describe('the reserve of a disk', () => {
  test('is made beside the file when a store is opened, of blocks that are really there', async () => {
    await sqliteStore(path).close()
    const { size, blocks } = statSync(`${path}-reserve`)
    expect(size).toBe(262_144)
    expect(blocks * 512).toBeGreaterThanOrEqual(262_144)
  })

  test('is not made where none is asked for, and not for a store in memory', async () => {
    await sqliteStore({ path, reserveBytes: 0 }).close()
    expect(sizeOnDisk()).toBe(0)
    expect(diskReserve(':memory:', RESERVE_BYTES)).toBe(noReserve)
  })

  test('is given up step by step, until nothing is left', () => {
    const reserve = diskReserve(path, 2.5 * STEP_BYTES)
    reserve.takeBack()
    const sizes: number[] = []
    while (!reserve.isSpent) {
      reserve.giveUp()
      sizes.push(sizeOnDisk())
    }
    expect(sizes).toEqual([1.5 * STEP_BYTES, 0.5 * STEP_BYTES, 0])
  })

  test('that cannot be cut, such as one of another user, is spent as soon as it was asked', () => {
    mkdirSync(reservePath(path))
    const reserve = diskReserve(path, RESERVE_BYTES)
    reserve.giveUp()
    expect(reserve.isSpent).toBe(true)
  })

  test('is whole again after it is taken back, by this store or by the next one', async () => {
    const reserve = diskReserve(path, RESERVE_BYTES)
    reserve.takeBack()
    reserve.giveUp()
    reserve.takeBack()
    expect(sizeOnDisk()).toBe(RESERVE_BYTES)
    truncateSync(reservePath(path), 5)
    await sqliteStore(path).close()
    expect(sizeOnDisk()).toBe(RESERVE_BYTES)
  })

  test('is not made where it would take the last room of the disk', () => {
    const reserve = diskReserve(path, Number.MAX_SAFE_INTEGER)
    reserve.takeBack()
    expect(sizeOnDisk()).toBe(0)
  })

  test('that cannot be made keeps no store from working', async () => {
    mkdirSync(reservePath(path))
    const store = sqliteStore(path)
    expect(await create(store)).toBe('created')
    await store.close()
  })

  test('that cannot be looked at is none', () => {
    writeFileSync(join(folder, 'file'), '')
    const reserve = diskReserve(join(folder, 'file', 'pawl.db'), RESERVE_BYTES)
    reserve.takeBack()
    reserve.giveUp()
    expect(reserve.isSpent).toBe(true)
  })
})

describe('a write that finds no room', () => {
  test('uses the reserve where it is urgent, one step after the other', () => {
    const { transact, log } = fullUntil(2)
    expect(transact([() => log.push('write')], { urgent: true })).toMatchObject({ type: 'committed' })
    expect(log).toEqual(['full', 'given up', 'full', 'given up', 'write', 'taken back'])
  })

  test('gets a typed error where the reserve is spent', () => {
    const { transact, log } = fullUntil(9)
    const done = transact([() => log.push('write')], { urgent: true })
    expect(done).toMatchObject({ type: 'failed', error: expect.any(StoreFullError) })
    expect(log.filter((each) => each === 'given up')).toHaveLength(3)
  })

  test('leaves the reserve alone where it is not urgent, and where something else is wrong', () => {
    const { transact, log } = fullUntil(2)
    expect(transact([() => log.push('write')]).type).toBe('failed')
    expect(log).toEqual(['full', 'taken back'])
    const broken = () => {
      throw new Error('a defect')
    }
    expect(transactions(new DatabaseSync(':memory:'), noRules, reserveOf([], 3))([broken], { urgent: true }).type).toBe(
      'failed',
    )
  })
})

describe('a file with a limit', () => {
  test('keeps pages back for cancels: one is recorded where every other write is refused', async () => {
    const store = sqliteStore({ path, maxFileBytes: 200_000 })
    await create(store)
    await expect(fillUp(store)).rejects.toBeInstanceOf(StoreFullError)
    await expect(writeTo(store, { urgent: false })).rejects.toBeInstanceOf(StoreFullError)
    expect(await writeTo(store, { urgent: true })).toMatchObject({ type: 'appended' })
    await expect(writeTo(store, { urgent: false })).rejects.toBeInstanceOf(StoreFullError)
    await store.close()
  })

  test('without a reserve refuses them too', async () => {
    const store = sqliteStore({ path, maxFileBytes: 200_000, reserveBytes: 0 })
    await create(store)
    await expect(fillUp(store)).rejects.toBeInstanceOf(StoreFullError)
    await expect(writeTo(store, { urgent: true })).rejects.toBeInstanceOf(StoreFullError)
    await store.close()
  })

  test('keeps back at most a quarter', () => {
    const database = new DatabaseSync(':memory:')
    const reserve = inTurn([pageReserve(database, 4_096 * 100, RESERVE_BYTES)])
    const limit = () => database.prepare('PRAGMA max_page_count').get()?.['max_page_count']
    expect(limit()).toBe(75)
    reserve.giveUp()
    expect([limit(), reserve.isSpent]).toEqual([100, true])
    reserve.takeBack()
    expect([limit(), reserve.isSpent]).toEqual([75, false])
  })
})

const ref: SessionRef = { tenant: 'acme', sessionId: 's1' }
const large: NewEvent = { kind: 'fact_noted', format: 1, body: JSON.stringify('x'.repeat(3_000)) }

async function create(store: SqliteStore): Promise<string> {
  return (await store.create({ ref, agent: 'triage', events: [large], status: 'running' })).type
}

function writeTo(store: SqliteStore, { urgent }: { urgent: boolean }) {
  return store.appendUnconditionally({ ref, event: large, gates: ['open'], wake: true, urgent })
}

async function fillUp(store: SqliteStore): Promise<never> {
  for (;;) await writeTo(store, { urgent: false })
}

// The rules of these tests look at nothing.
const noRules = {} as Rules

function reserveOf(log: string[], steps: number) {
  let left = steps
  return {
    get isSpent() {
      return left === 0
    },
    giveUp() {
      left -= 1
      log.push('given up')
    },
    takeBack: () => void log.push('taken back'),
  }
}

/** SQLite says that it is full until the reserve, of three steps, has been given up this often. */
function fullUntil(steps: number) {
  const log: string[] = []
  const transact = transactions(new DatabaseSync(':memory:'), noRules, reserveOf(log, 3))
  const rule = (write: () => unknown) => () => {
    if (log.filter((each) => each === 'given up').length >= steps) return write()
    log.push('full')
    throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
  }
  return {
    log,
    transact: (writes: readonly (() => unknown)[], options?: { readonly urgent: boolean }) =>
      transact(writes.map(rule), options),
  }
}
