import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StoreCorruptError, StoreFullError, StoreUnavailableError } from '../../ports/errors.ts'
import type { NewEvent, SessionRef } from '../../ports/index.ts'
import { verifyChain } from '../chain.ts'
import { type SqliteStore, type SqliteStoreOptions, sqliteStore } from './index.ts'
import { SCHEMA_VERSION } from './schema.ts'
import * as sql from './sql.ts'

let folder = ''
let path = ''
let opened: { close(): unknown }[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  path = join(folder, 'pawl.db')
})

afterEach(async () => {
  for (const one of opened) await one.close()
  opened = []
  rmSync(folder, { recursive: true })
})

function open(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = sqliteStore({ path, ...options })
  opened.push(store)
  return store
}

/** The file as somebody else's tool sees it. */
function openRaw(): DatabaseSync {
  const database = new DatabaseSync(path)
  opened.push({ close: () => database.isOpen && database.close() })
  return database
}

function refOf(sessionId: string): SessionRef {
  return { tenant: 'acme', sessionId }
}

function event(size = 10): NewEvent {
  return { kind: 'fact_noted', format: 1, body: JSON.stringify('x'.repeat(size)) }
}

async function create(store: SqliteStore, sessionId: string): Promise<SessionRef> {
  const ref = refOf(sessionId)
  await store.create({ ref, agent: 'triage', events: [event()], status: 'running' })
  return ref
}

function append(store: SqliteStore, ref: SessionRef, fields: { version: number; size?: number; fence?: number }) {
  const { version, size = 10, fence = null } = fields
  return store.append({ ref, version, fence, events: [event(size)], at: null, head: {} })
}

function claim(store: SqliteStore, ref: SessionRef, workerId: string) {
  return store.claim(ref, { workerId, format: 1, deadWorkers: [], alone: false })
}

async function expectWhole(store: SqliteStore, ref: SessionRef): Promise<number> {
  const head = await store.head(ref)
  if (!head) throw new Error(`expected a head of ${ref.sessionId}`)
  expect(verifyChain(ref, await store.read(ref, 0, 1e6), { head }).type).toBe('holds')
  return head.version
}

describe('group commit', () => {
  test('writes of many sessions share one commit', async () => {
    const store = open()
    const ids = Array.from({ length: 64 }, (_, index) => `s${index}`)
    const refs = await Promise.all(ids.map((id) => create(store, id)))
    expect(store.stats.commits).toBe(1)
    await Promise.all(refs.map((ref) => append(store, ref, { version: 1 })))
    expect(store.stats).toMatchObject({ commits: 2, writes: 128, failures: 0 })
  })

  test('a deferral that calls at once gives each write its own', async () => {
    const store = open({ defer: (flush) => flush() })
    await Promise.all([create(store, 's1'), create(store, 's2')])
    expect(store.stats.commits).toBe(2)
  })
})

describe('a file', () => {
  test('keeps everything when it is opened again', async () => {
    const first = open()
    const ref = await create(first, 's1')
    await first.enlist({ workerId: 'w1', holder: 'h', leaseMs: 60_000 })
    await claim(first, ref, 'w1')
    await append(first, ref, { version: 1 })
    await first.saveSnapshot(ref, { version: 1, reducerHash: 'r', bytes: new Uint8Array([7]) })
    const before = [await first.head(ref), await first.read(ref, 0, 9), await first.workers()]
    await first.close()
    const again = open()
    expect([await again.head(ref), await again.read(ref, 0, 9), await again.workers()]).toEqual(before)
    expect((await again.snapshot(ref))?.bytes).toEqual(new Uint8Array([7]))
  })

  test('syncs every commit, unless less was asked for and is then said', () => {
    expect(open().durability).toBe('power_loss')
    expect(open({ durability: 'process_crash' }).durability).toBe('process_crash')
    expect(open({ path: ':memory:' }).durability).toBe('none')
  })

  test('whose schema is damaged is refused as that, and let go of', async () => {
    await open().close()
    const raw = openRaw()
    raw.exec('ALTER TABLE sessions RENAME COLUMN worker_id TO wosker_id')
    raw.close()
    expect(() => open()).toThrow(StoreCorruptError)
    expect(() => open()).toThrow(/no such column: worker_id/)
    // The last connection that is closed takes the shared memory with it.
    expect(existsSync(`${path}-shm`)).toBe(false)
  })

  test('of a newer schema is refused, and not changed', async () => {
    await open().close()
    openRaw().exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_newer' }))
    expect(openRaw().prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION + 1 })
  })

  test('of another program is refused, and not changed', () => {
    const database = openRaw()
    database.exec('CREATE TABLE pets (name TEXT)')
    database.close()
    const before = readFileSync(path)
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_foreign' }))
    expect(readFileSync(path)).toEqual(before)
  })

  test('that is no database is refused, and not changed', () => {
    const text = 'Dear diary, '.repeat(1_000)
    writeFileSync(path, text)
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_foreign' }))
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  test('in a folder that cannot be is said to be so', () => {
    writeFileSync(join(folder, 'nowhere'), 'a file')
    const nowhere = join(folder, 'nowhere', 'pawl.db')
    expect(() => open({ path: nowhere })).toThrow(/Expected to open .*nowhere.*folder exists/)
  })

  test('that was edited is seen to be so', async () => {
    const store = open()
    const ref = await create(store, 's1')
    await append(store, ref, { version: 1 })
    openRaw().exec(`UPDATE events SET body = '"y"' WHERE seq = 2`)
    const check = verifyChain(ref, await store.read(ref, 0, 9))
    expect(check).toEqual({ type: 'broken', seq: 2, reason: 'body' })
  })

  test('that was closed takes nothing and shows nothing', async () => {
    const store = open()
    const ref = await create(store, 's1')
    const last = append(store, ref, { version: 1 })
    await store.close()
    expect((await last).type).toBe('appended')
    await expect(append(store, ref, { version: 2 })).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.head(ref)).rejects.toBeInstanceOf(StoreUnavailableError)
    await store.close()
  })
})

describe('two connections on one file', () => {
  test('see what the other committed', async () => {
    const [one, other] = [open(), open()]
    const ref = await create(one, 's1')
    const known = [{ ref, version: 1, fence: 0 }]
    expect(await other.moved(known)).toEqual([])
    await append(one, ref, { version: 1 })
    expect(await other.moved(known)).toEqual([ref])
    expect(await one.moved(known)).toEqual([ref])
    expect((await append(other, ref, { version: 1 })).type).toBe('conflict')
  })

  test('fence each other', async () => {
    const [one, other] = [open(), open()]
    await one.enlist({ workerId: 'w1', holder: 'h1', leaseMs: 60_000 })
    await other.enlist({ workerId: 'w2', holder: 'h2', leaseMs: 60_000 })
    const ref = await create(one, 's1')
    const claims = await Promise.all([claim(one, ref, 'w1'), claim(other, ref, 'w2')])
    expect(claims.map(({ type }) => type).toSorted()).toEqual(['claimed', 'held'])
    await other.claim(ref, { workerId: 'w2', format: 1, deadWorkers: ['w1'], alone: false })
    expect((await append(one, ref, { version: 1, fence: 1 })).type).toBe('fenced')
  })

  test('wait for each other without holding up the event loop', async () => {
    const store = open()
    const ref = await create(store, 's1')
    const other = openRaw()
    other.exec('BEGIN IMMEDIATE')
    const waiting = append(store, ref, { version: 1 })
    while (store.stats.busyRetries < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    expect((await store.head(ref))?.version).toBe(1)
    other.exec('COMMIT')
    expect((await waiting).type).toBe('appended')
  })

  test('may make the file at the same time', async () => {
    const stores = Array.from({ length: 8 }, () => open())
    await Promise.all(stores.map((store, index) => create(store, `s${index}`)))
    expect(await stores[0]?.sessions({ limit: 9 })).toHaveLength(8)
  })
})

describe('a full file', () => {
  test('refuses with a typed error, loses nothing, and goes on when there is room', async () => {
    // Six pages more than before schema 2, which has as many tables and indexes of its own, or pages of the schema.
    const store = open({ maxFileBytes: 200_000 + 6 * 2_048, reserveBytes: 0 })
    const ref = await create(store, 's1')
    await store.saveSnapshot(ref, { version: 1, reducerHash: 'r', bytes: new Uint8Array(60_000) })
    let version = 1
    const fill = async () => {
      for (;;) version = versionOf(await append(store, ref, { version, size: 1_000 }))
    }
    await expect(fill()).rejects.toBeInstanceOf(StoreFullError)
    expect(version).toBeGreaterThan(50)
    expect(await expectWhole(store, ref)).toBe(version)
    await expect(append(store, ref, { version, size: 10_000 })).rejects.toBeInstanceOf(StoreFullError)
    openRaw().exec('DELETE FROM snapshots')
    expect(versionOf(await append(store, ref, { version, size: 10_000 }))).toBe(version + 1)
    expect(await expectWhole(store, ref)).toBe(version + 1)
  })

  test('takes the small writes of a group, and refuses the large one', async () => {
    const store = open({ maxFileBytes: 200_000 })
    const refs = [await create(store, 's1'), await create(store, 's2'), await create(store, 's3')]
    const sizes = [10, 300_000, 10]
    const group = refs.map((ref, index) => append(store, ref, { version: 1, size: sizes[index] ?? 0 }))
    const settled = await Promise.allSettled(group)
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await Promise.all(refs.map((ref) => expectWhole(store, ref)))).toEqual([2, 1, 2])
  })
})

describe('the plans of the statements', () => {
  test.each([
    ['SELECT_HEAD', sql.SELECT_HEAD, 'sessions_by_ref'],
    ['SELECT_EVENTS', sql.SELECT_EVENTS, 'events_by_seq'],
    ['SELECT_COMMAND', sql.SELECT_COMMAND, 'events_by_command'],
    ['SELECT_DUE', sql.SELECT_DUE, 'sessions_by_wake'],
    ['SELECT_NEXT_MOMENT', sql.SELECT_NEXT_MOMENT, 'sessions_by_wake'],
  ])('%s reads by an index and sorts nothing', async (_name, text, index) => {
    await open().close()
    const plan = openRaw().prepare(`EXPLAIN QUERY PLAN ${text}`).all()
    const steps = plan.map(({ detail }) => String(detail))
    expect(steps.some((step) => step.includes(index))).toBe(true)
    expect(steps.filter((step) => /^SCAN (s|sessions|events)\b|TEMP B-TREE/.test(step))).toEqual([])
  })
})

function versionOf(answer: Awaited<ReturnType<SqliteStore['append']>>): number {
  if (answer.type !== 'appended') throw new Error(`expected appended, found ${answer.type}`)
  return answer.version
}
