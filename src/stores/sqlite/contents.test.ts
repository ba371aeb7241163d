import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PawlError, StoreUnavailableError, type StoreUnclearError } from '../../ports/errors.ts'
import { artifactOf } from '../../testing/store-conformance-kit.ts'
import type { Commit } from '../rules.ts'
import { artifactFiles, FILE_BYTES, nameOf } from './artifact-files.ts'
import { contents } from './contents.ts'
import { type SqliteStore, type SqliteStoreOptions, sqliteStore } from './index.ts'
import { SELECT_ORPHANS } from './sql-artifacts.ts'

let folder = ''
let path = ''
let opened: SqliteStore[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  path = join(folder, 'pawl.db')
})

afterEach(async () => {
  for (const store of opened) await store.close()
  opened = []
  rmSync(folder, { recursive: true })
})

function open(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
  const store = sqliteStore({ path, reserveBytes: 0, ...options })
  opened.push(store)
  return store
}

const files = () => (existsSync(`${path}.artifacts`) ? readdirSync(`${path}.artifacts`) : [])
const fileOf = (hash: string) => join(`${path}.artifacts`, nameOf('acme', hash))
const event = { kind: 'fact_noted', format: 1, body: '{}' }
const later = 8_640_000_000_000

async function create(store: SqliteStore, sessionId: string) {
  const ref = { tenant: 'acme', sessionId }
  await store.create({ ref, agent: 'triage', events: [event], status: 'running' })
  return ref
}

describe('a large content', () => {
  test('is a file beside the database, and a small one is not', async () => {
    const store = open()
    const [small, large] = [artifactOf(FILE_BYTES - 1), artifactOf(FILE_BYTES)]
    for (const artifact of [small, large]) await store.saveArtifact('acme', artifact)
    expect(files()).toEqual([nameOf('acme', large.hash)])
    expect(readFileSync(fileOf(large.hash))).toEqual(Buffer.from(large.bytes))
    await store.close()
    const again = open()
    for (const { hash, bytes } of [small, large])
      expect(Buffer.from((await again.artifact('acme', hash))?.bytes ?? [])).toEqual(Buffer.from(bytes))
  })

  test('says nothing of its tenant by its name', () => {
    expect(nameOf('acme', 'f'.repeat(64))).not.toContain('acme')
  })

  test('may be saved by several at once', async () => {
    const [one, other] = [open(), open()]
    const artifact = artifactOf(300_000)
    const saves = [one, other, one, other].map((store) => store.saveArtifact('acme', artifact))
    await Promise.all(saves)
    expect(files()).toEqual([nameOf('acme', artifact.hash)])
    expect((await one.artifact('acme', artifact.hash))?.hash).toBe(artifact.hash)
  })

  test('in a folder that cannot be is refused by name, and leaves no row', async () => {
    writeFileSync(`${path}.artifacts`, 'a file')
    const store = open()
    const artifact = artifactOf(300_000)
    await expect(store.saveArtifact('acme', artifact)).rejects.toBeInstanceOf(StoreUnavailableError)
    rmSync(`${path}.artifacts`)
    expect(await store.artifact('acme', artifact.hash)).toBeNull()
    await store.saveArtifact('acme', artifact)
    expect(await store.artifact('acme', artifact.hash)).not.toBeNull()
  })

  test('that finds no room for its row leaves nothing', async () => {
    const store = open({ maxFileBytes: 100_000 })
    const ref = await create(store, 's1')
    const fill = async (size: number) => {
      for (;;) {
        const events = [{ ...event, body: JSON.stringify('x'.repeat(size)) }]
        await store.append({
          ref,
          version: (await store.head(ref))?.version ?? 0,
          fence: null,
          events,
          at: null,
          head: {},
        })
      }
    }
    for (const size of [2_000, 100, 1]) await expect(fill(size)).rejects.toMatchObject({ code: 'store_full' })
    await expect(store.saveArtifact('acme', artifactOf(FILE_BYTES - 1))).rejects.toMatchObject({ code: 'store_full' })
    expect(files()).toEqual([])
  })
})

describe('a content that is not what was saved', () => {
  test.each([
    ['is missing', (file: string) => rmSync(file)],
    ['is cut off', (file: string) => truncateSync(file, 200_000)],
    ['was changed', (file: string) => writeFileSync(file, Buffer.alloc(300_000, 1))],
  ])('is gone where its file %s, and there when it is saved again', async (_how, damage) => {
    const store = open()
    const artifact = artifactOf(300_000)
    await store.saveArtifact('acme', artifact)
    damage(fileOf(artifact.hash))
    expect(await store.artifact('acme', artifact.hash)).toBeNull()
    await store.saveArtifact('acme', artifact)
    expect((await store.artifact('acme', artifact.hash))?.bytes.length).toBe(300_000)
  })

  test('is gone where its row was changed, and there when it is saved again', async () => {
    const store = open()
    const artifact = artifactOf(100)
    await store.saveArtifact('acme', artifact)
    const raw = new DatabaseSync(path)
    raw.exec("UPDATE artifacts SET bytes = x'00'")
    raw.close()
    expect(await store.artifact('acme', artifact.hash)).toBeNull()
    await store.saveArtifact('acme', artifact)
    expect((await store.artifact('acme', artifact.hash))?.bytes.length).toBe(100)
  })
})

describe('a process that dies between a file and its row', () => {
  const artifact = artifactOf(300_000)

  async function expectSwept(store: SqliteStore): Promise<void> {
    expect(files()).toHaveLength(1)
    expect(await store.artifact('acme', artifact.hash)).toBeNull()
    const old = Date.now() - 60_000
    expect(await store.sweepArtifacts({ before: old, limit: 9 })).toBe(0)
    expect(files()).toHaveLength(1)
    for (const name of files()) utimesSync(join(`${path}.artifacts`, name), old / 1_000 - 1, old / 1_000 - 1)
    await store.sweepArtifacts({ before: old, limit: 9 })
    expect(files()).toEqual([])
  }

  test('before the transaction leaves an orphan that a sweep takes', async () => {
    const store = open()
    const dying = artifactFiles(`${path}.artifacts`)
    await dying.write(nameOf('acme', artifact.hash), artifact.bytes, Date.now())
    await expectSwept(store)
  })

  test('within the transaction leaves an orphan that a sweep takes', async () => {
    const store = open()
    const killed: Commit = async (rule) => {
      const die = () => {
        throw new Error('killed')
      }
      // The file is placed by the rule itself; all that it asks of the tables is to save the row.
      return rule({ tables: { saveArtifact: die } } as never)
    }
    const dying = contents({
      commit: killed,
      files: artifactFiles(`${path}.artifacts`),
      isNamed: () => false,
      cutLog: async () => {},
      vacuum: async () => {},
      now: Date.now,
    })
    await expect(dying.saveArtifact('acme', artifact)).rejects.toThrow('killed')
    expect(files()).toEqual([nameOf('acme', artifact.hash)])
    await expectSwept(store)
  })
})

describe('a sweep', () => {
  test('beside another connection never takes what an event names', async () => {
    const [one, other] = [open(), open()]
    const ref = await create(one, 's1')
    const told = { named: 0, refused: 0 }
    for (let turn = 0; turn < 40; turn += 1) {
      const artifact = artifactOf(FILE_BYTES + turn)
      const version = (await one.head(ref))?.version ?? 0
      const save = () => one.saveArtifact('acme', artifact)
      const sweep = () => other.sweepArtifacts({ before: later, limit: 9 })
      const name = () =>
        one.append({ ref, version, fence: null, events: [event], at: null, head: { artifacts: [artifact.hash] } })
      const orders = [
        () => [save().then(name), sweep()],
        () => [sweep(), save().then(name)].toReversed(),
        () => [save().then(() => Promise.all([name(), sweep()]))],
        () => [save().then(() => Promise.all([sweep(), name()]))],
      ]
      const [named] = await Promise.allSettled(orders[turn % orders.length]?.() ?? [])
      if (named?.status === 'fulfilled') {
        told.named += 1
        expect((await other.artifact('acme', artifact.hash))?.bytes.length).toBe(FILE_BYTES + turn)
      } else {
        told.refused += 1
        expect(named?.reason).toBeInstanceOf(PawlError)
        expect((await one.head(ref))?.version).toBe(version)
      }
    }
    await other.sweepArtifacts({ before: later, limit: 99 })
    expect(files()).toHaveLength(told.named)
    expect(told.named).toBeGreaterThan(0)
    expect(told.refused).toBeGreaterThan(0)
  })

  test('leaves a file whose row has come since it was looked at', async () => {
    const artifact = artifactOf(300_000)
    const placed = artifactFiles(`${path}.artifacts`)
    const { place } = await placed.write(nameOf('acme', artifact.hash), artifact.bytes, 0)
    place()
    const looks: string[] = []
    const sweeping = contents({
      // All that the rule of a sweep asks of the tables.
      commit: async (rule) => rule({ tables: { sweepArtifacts: () => [] } } as never),
      files: placed,
      isNamed: (name) => looks.push(name) > 1,
      cutLog: async () => {},
      vacuum: async () => {},
      now: Date.now,
    })
    await sweeping.sweepArtifacts({ before: later, limit: 9 })
    expect(looks).toHaveLength(2)
    expect(files()).toEqual([nameOf('acme', artifact.hash)])
  })

  test('reads what no session uses, and not what they use', async () => {
    await open().close()
    const raw = new DatabaseSync(path)
    const plan = raw.prepare(`EXPLAIN QUERY PLAN ${SELECT_ORPHANS}`).all()
    raw.close()
    expect(plan.map(({ detail }) => String(detail))).toEqual([expect.stringContaining('artifacts_unused')])
  })

  test('whose files cannot be taken away says so, and takes them the next time', async () => {
    const store = open()
    const artifact = artifactOf(300_000)
    await store.saveArtifact('acme', artifact)
    // In the place of the file stands what cannot be removed as one.
    rmSync(fileOf(artifact.hash))
    mkdirSync(fileOf(artifact.hash))
    const unclear: Partial<StoreUnclearError> = { code: 'store_unclear' }
    await expect(store.sweepArtifacts({ before: later, limit: 9 })).rejects.toMatchObject(unclear)
    rmSync(fileOf(artifact.hash), { recursive: true })
    expect(await store.sweepArtifacts({ before: later, limit: 9 })).toBe(0)
  })
})
