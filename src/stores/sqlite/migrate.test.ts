import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { artifactOf } from '../../testing/store-conformance-kit.ts'
import { sealer, verifyChain } from '../chain.ts'
import { sqliteStore } from './index.ts'

/** Schema 1, as it was released: written out here, so that no change of today's can reach it. */
const VERSION_1: readonly string[] = [
  `CREATE TABLE sessions (
  session_key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  session_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  shard INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  format INTEGER NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  gate TEXT NOT NULL,
  status TEXT NOT NULL,
  wake_at INTEGER,
  fence INTEGER NOT NULL,
  worker_id TEXT,
  alone INTEGER NOT NULL,
  deaths INTEGER NOT NULL
) STRICT`,
  `CREATE UNIQUE INDEX sessions_by_ref ON sessions (tenant, session_id)`,
  `CREATE INDEX sessions_by_wake ON sessions (wake_at) WHERE wake_at IS NOT NULL`,
  `CREATE TABLE events (
  event_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  format INTEGER NOT NULL,
  command_id TEXT,
  body TEXT,
  salt BLOB,
  body_hash BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT`,
  `CREATE UNIQUE INDEX events_by_seq ON events (session_key, seq)`,
  `CREATE UNIQUE INDEX events_by_command ON events (session_key, command_id) WHERE command_id IS NOT NULL`,
  `CREATE TABLE approvals (
  approval_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL,
  approval_id TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (session_key, approval_id)
) STRICT`,
  `CREATE TABLE workers (
  worker_id TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE snapshots (
  session_key INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  reducer_hash TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT`,
  `CREATE TABLE definitions (
  definition_hash TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT`,
]

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  path = join(folder, 'pawl.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

const ref = { tenant: 'acme', sessionId: 's1' }

/** A file of version 1 with a session of two events that waits for an approval. */
function makeOldFile(): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA page_size = 2048; PRAGMA journal_mode = WAL')
  for (const statement of VERSION_1) database.exec(statement)
  database.exec('PRAGMA application_id = 0x5061776c; PRAGMA user_version = 1')
  const seal = sealer()
  const [body, at] = ['{"text":"old"}', 1_700_000_000_000]
  const first = seal(ref, { version: 0, hash: '', at }, { kind: 'fact_noted', format: 1, body })
  const second = seal(ref, { version: 1, hash: first.hash, at }, { kind: 'fact_noted', format: 1, body })
  const insert = database.prepare(`
    INSERT INTO events (session_key, seq, at, kind, format, command_id, body, salt, body_hash, hash)
    VALUES (1, ?, ?, ?, ?, ?, ?, unhex(?), unhex(?), unhex(?))`)
  for (const event of [first, second]) {
    const { seq, kind, format, salt, bodyHash, hash } = event
    insert.run(seq, event.at, kind, format, `command-${seq}`, body, salt, bodyHash, hash)
  }
  database
    .prepare(
      `INSERT INTO sessions VALUES (1, 'acme', 's1', 'triage', 7, ?, 1, 2, ?, ?, 'open', 'blocked(approval)', NULL, 3, NULL, 0, 0)`,
    )
    .run(at, second.hash, at)
  database.exec(`INSERT INTO approvals VALUES (1, 1, 'a1', 5, 6, '{}')`)
  database.exec(`INSERT INTO snapshots VALUES (1, 2, 'r', x'0102')`)
  return database
}

test('a file of schema 1 keeps its sessions, and takes artifacts and erasures', async () => {
  makeOldFile().close()
  const store = sqliteStore(path)
  const head = await store.head(ref)
  expect(head).toMatchObject({ version: 2, status: 'blocked(approval)', fence: 3, shard: 7, erasedAt: null })
  expect(verifyChain(ref, await store.read(ref, 0, 9), head ? { head } : {})).toMatchObject({
    type: 'holds',
    version: 2,
  })
  expect(await store.approvals({ limit: 9 })).toMatchObject([{ approvalId: 'a1', requestedAt: 5 }])
  expect((await store.snapshot(ref))?.bytes).toEqual(new Uint8Array([1, 2]))
  const repeat = { kind: 'fact_noted', format: 1, body: '{}', commandId: 'command-2' }
  const append = { ref, version: 2, fence: null, at: null, head: {} }
  expect(await store.append({ ...append, events: [repeat] })).toEqual({ type: 'duplicate', seq: 2 })
  const artifact = artifactOf(200_000)
  await store.saveArtifact('acme', artifact)
  const event = { kind: 'fact_noted', format: 1, body: '{}' }
  const named = await store.append({ ...append, events: [event], head: { artifacts: [artifact.hash] } })
  expect(named).toMatchObject({ type: 'appended', version: 3 })
  expect(await store.erase(ref, { evenIfOpen: true })).toEqual({ type: 'erased', events: 3, artifacts: 1 })
  await store.close()
})

test('a program of schema 1 that has the file open goes on', async () => {
  const old = makeOldFile()
  const select = old.prepare('SELECT version FROM sessions')
  const update = old.prepare('UPDATE sessions SET at = at + 1 WHERE session_key = 1')
  expect(select.get()).toEqual({ version: 2 })
  const store = sqliteStore(path)
  expect(update.run().changes).toBe(1)
  expect(select.get()).toEqual({ version: 2 })
  old.close()
  await store.close()
})

test('two that open a file of schema 1 at once bring it up to date once', async () => {
  makeOldFile().close()
  const stores = [sqliteStore(path), sqliteStore(path), sqliteStore(path)]
  for (const store of stores) expect((await store.head(ref))?.version).toBe(2)
  for (const store of stores) await store.close()
  const raw = new DatabaseSync(path)
  expect(raw.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
  expect(raw.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  raw.close()
})

test('a file that was brought up to date has the schema of a new one', async () => {
  makeOldFile().close()
  await sqliteStore(path).close()
  const fresh = join(folder, 'fresh.db')
  await sqliteStore(fresh).close()
  const schemaOf = (file: string) => {
    const database = new DatabaseSync(file)
    const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
    database.close()
    return rows
  }
  expect(schemaOf(path)).toEqual(schemaOf(fresh))
})
