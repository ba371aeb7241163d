import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SessionRef } from '../../ports/index.ts'
import { type SqliteStore, sqliteStore } from './index.ts'
import { SELECT_ENDED } from './sql.ts'
import { ERASE_EVENTS } from './sql-artifacts.ts'

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

function open(): SqliteStore {
  const store = sqliteStore({ path })
  opened.push(store)
  return store
}

function fail(): never {
  throw new Error('no session')
}

/** Everything that stands on the disk. */
function bytesOnDisk(): Buffer {
  const artifacts = existsSync(`${path}.artifacts`) ? readdirSync(`${path}.artifacts`) : []
  const names = [path, `${path}-wal`, ...artifacts.map((name) => join(`${path}.artifacts`, name))]
  return Buffer.concat(names.filter((name) => existsSync(name)).map((name) => readFileSync(name)))
}

/** A session that says its marker in every place that a session has. */
async function talkative(store: SqliteStore, marker: string): Promise<SessionRef> {
  const ref = { tenant: 'acme', sessionId: `s-${createHash('sha256').update(marker).digest('hex').slice(0, 8)}` }
  const event = (size: number, at: number) => ({
    kind: 'fact_noted',
    format: 1,
    body: JSON.stringify(marker.repeat(size)),
    commandId: `${marker}/${at}`,
  })
  await store.create({ ref, agent: 'triage', events: [event(1, 0)], status: 'running' })
  const artifacts: string[] = []
  for (const size of [1, 3_000, 30_000]) {
    const bytes = Buffer.from(marker.repeat(size))
    const hash = createHash('sha256').update(bytes).digest('hex')
    artifacts.push(hash)
    await store.saveArtifact(ref.tenant, { hash, mediaType: 'text/plain', bytes })
  }
  for (let version = 1; version < 20; version += 1) {
    const approvalId = `a${version}`
    const openedApprovals = [{ approvalId, requestedAt: 1, expiresAt: 2, body: JSON.stringify(marker.repeat(version)) }]
    const closedApprovals = version % 3 === 0 ? [`a${version - 1}`] : []
    const head = { openedApprovals, closedApprovals, artifacts }
    const events = [event(version * 20, version)]
    expect((await store.append({ ref, version, fence: null, events, at: null, head })).type).toBe('appended')
    const bytes = Buffer.from(marker.repeat(2_000 - version * 100))
    await store.saveSnapshot(ref, { version, reducerHash: 'r', bytes })
  }
  return ref
}

describe('an erased session', () => {
  test('leaves nothing that it said in the file, its log or the folder of artifacts', async () => {
    const [store, other] = [open(), open()]
    const mine = await talkative(store, 'MARKER-of-mine')
    const theirs = await talkative(other, 'MARKER-of-theirs')
    expect(bytesOnDisk().includes('MARKER-of-mine')).toBe(true)
    expect(await store.erase(mine, { evenIfOpen: true })).toEqual({ type: 'erased', events: 20, artifacts: 3 })
    expect(bytesOnDisk().includes('MARKER-of-mine')).toBe(false)
    expect(bytesOnDisk().includes('MARKER-of-theirs')).toBe(true)
    expect(await other.erase(theirs, { evenIfOpen: true })).toEqual({ type: 'erased', events: 20, artifacts: 3 })
    expect(bytesOnDisk().includes('MARKER-of')).toBe(false)
    expect(readdirSync(`${path}.artifacts`)).toEqual([])
  })

  // SQLite moves rows from page to page, and a copy may stay where one was: without the scrub this fails.
  test('leaves nothing in unused room either, once the store is scrubbed', async () => {
    const store = open()
    const refs: SessionRef[] = []
    for (let session = 0; session < 40; session += 1) refs.push(await talkative(store, `MARKER-${session}-of-mine`))
    for (const ref of refs.filter((_, index) => index % 2 === 0)) await store.erase(ref, { evenIfOpen: true })
    await store.scrub()
    const left = bytesOnDisk()
    const found = refs.flatMap((_, index) => (left.includes(`MARKER-${index}-of-mine`) ? [index] : []))
    expect(found).toEqual(refs.flatMap((_, index) => (index % 2 === 1 ? [index] : [])))
    expect((await store.read(refs[1] ?? fail(), 0, 100)).length).toBe(20)
  })

  test('does not close the store that scrubs, nor hold up what is asked meanwhile', async () => {
    const store = open()
    const ref = await talkative(store, 'MARKER-of-mine')
    await store.erase(ref, { evenIfOpen: true })
    const [, saved] = await Promise.all([store.scrub(), store.saveDefinition('d', '{}')])
    expect(saved).toBeUndefined()
    await talkative(store, 'MARKER-of-another')
    expect(await store.definition('d')).toBe('{}')
  })

  test('of which a file is left, since a process died before it took it away, is cleared by erasing or scrubbing', async () => {
    const store = open()
    const ref = await talkative(store, 'MARKER-of-mine')
    const other = await talkative(store, 'MARKER-of-theirs')
    const names = readdirSync(`${path}.artifacts`)
    const contents = names.map((name) => readFileSync(join(`${path}.artifacts`, name)))
    const putBack = () => {
      for (const [index, name] of names.entries())
        writeFileSync(join(`${path}.artifacts`, name), contents[index] ?? fail())
    }
    await store.erase(ref, { evenIfOpen: true })
    const kept = readdirSync(`${path}.artifacts`)
    expect(kept.length).toBe(names.length - 1)
    putBack()
    await store.erase(ref, { evenIfOpen: true })
    expect(readdirSync(`${path}.artifacts`)).toEqual(kept)
    putBack()
    // Another process is writing it, and has not given it its name.
    writeFileSync(join(`${path}.artifacts`, 'a-b.0123.tmp'), '')
    await store.scrub()
    expect(readdirSync(`${path}.artifacts`).toSorted()).toEqual(['a-b.0123.tmp', ...kept].toSorted())
    expect((await store.read(other, 0, 100)).length).toBe(20)
  })

  test('stands where the file cannot be written anew, and whoever asked hears that traces may be left', async () => {
    const store = open()
    const ref = await talkative(store, 'MARKER-of-mine')
    await store.erase(ref, { evenIfOpen: true })
    const full = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    })
    await expect(store.scrub()).rejects.toMatchObject({
      code: 'store_unclear',
      message: expect.stringMatching(/It is erased, and traces of it may be left; try again/),
      cause: { code: 'store_full' },
    })
    full.mockRestore()
    await store.scrub()
    await store.close()
    await expect(store.scrub()).rejects.toMatchObject({ cause: { code: 'store_unavailable' } })
  })

  test('is cut from the log as soon as those who read it have finished', async () => {
    const store = open()
    const ref = await talkative(store, 'MARKER-of-mine')
    const reader = new DatabaseSync(path)
    opened.push({ close: () => reader.isOpen && reader.close() })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM events').get()
    let isAnswered = false
    const erasing = store.erase(ref, { evenIfOpen: true }).then((erased) => {
      isAnswered = true
      return erased
    })
    while ((await store.head(ref))?.erasedAt === null) await new Promise((resolve) => setImmediate(resolve))
    // Another write is not held up by it.
    await store.saveDefinition('d', '{}')
    expect(isAnswered).toBe(false)
    reader.exec('COMMIT')
    expect((await erasing).type).toBe('erased')
    expect(statSync(`${path}-wal`).size).toBe(0)
    expect(bytesOnDisk().includes('MARKER-of-mine')).toBe(false)
  })

  test('of which files are left is cleared by erasing it again', async () => {
    const store = open()
    const ref = await talkative(store, 'MARKER-of-mine')
    // Written by a process that died before it could cut the log.
    const raw = new DatabaseSync(path)
    raw.exec('CREATE TABLE notes (text TEXT)')
    raw.exec("INSERT INTO notes VALUES ('MARKER-of-notes')")
    raw.exec('PRAGMA secure_delete = ON')
    raw.exec('DELETE FROM notes')
    opened.push(raw)
    await store.erase(ref, { evenIfOpen: true })
    raw.exec("INSERT INTO notes VALUES ('MARKER-of-notes')")
    raw.exec('DELETE FROM notes')
    expect(bytesOnDisk().includes('MARKER-of-notes')).toBe(true)
    expect(await store.erase(ref, { evenIfOpen: true })).toEqual({ type: 'erased', events: 0, artifacts: 0 })
    expect(bytesOnDisk().includes('MARKER-of-notes')).toBe(false)
  })

  test('is the same for another connection at once', async () => {
    const [one, other] = [open(), open()]
    const ref = await talkative(one, 'MARKER-of-mine')
    const known = [{ ref, version: 20, fence: 0 }]
    expect(await other.moved(known)).toEqual([])
    await one.erase(ref, { evenIfOpen: true })
    expect(await other.moved(known)).toEqual([ref])
    expect(await other.head(ref)).toEqual(await one.head(ref))
    const events = [{ kind: 'fact_noted', format: 1, body: '{}' }]
    expect((await other.append({ ref, version: 20, fence: 0, events, at: null, head: {} })).type).toBe('fenced')
  })
})

describe('the plans of what retention asks', () => {
  test.each([
    ['SELECT_ENDED', SELECT_ENDED, /^SEARCH sessions USING INDEX sessions_by_end \(at<\?\)/],
    ['ERASE_EVENTS', ERASE_EVENTS, /^SEARCH events USING INDEX events_by_seq \(session_key=\?\)/],
  ])('%s reads by an index and sorts nothing', async (_name, text, search) => {
    await open().close()
    const raw = new DatabaseSync(path)
    opened.push({ close: () => raw.close() })
    const steps = raw
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map(({ detail }) => String(detail))
    expect(steps[0]).toMatch(search)
  })
})
