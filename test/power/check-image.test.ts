import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteStore } from 'pawl/stores/sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAcknowledged } from './acknowledged.ts'
import { checkImage } from './check-image.ts'
import { sayingStore } from './saying-store.ts'
import { type Acknowledgement, STORE_FILE, TENANT } from './writer-orders.ts'

const folder = mkdtempSync(join(tmpdir(), 'pawl-power-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ref = { tenant: TENANT, sessionId: 's1' }
const said: Acknowledgement[] = []
const path = join(folder, 'written', STORE_FILE)

/** Commits end at 2 and at 4. */
beforeAll(async () => {
  const file = sqliteStore(path)
  const store = sayingStore(file, (each) => said.push(each))
  const events = ['one', 'two'].map((text) => ({ kind: 'message_received', format: 0, body: JSON.stringify({ text }) }))
  await store.create({ ref, agent: 'clerk', events, status: 'running' })
  await store.enlist({ workerId: 'w1', holder: 'h1', leaseMs: 1_000 })
  await store.claim(ref, { workerId: 'w1', format: 0, deadWorkers: [], alone: false })
  await store.append({ ref, version: 2, fence: 1, events, at: null, head: {} })
  await file.close()
})

/** What is found in the file after a change of it. */
async function checkAfter(change: (database: DatabaseSync) => void, hurt: (file: Buffer) => void = () => {}) {
  const changed = join(folder, 'changed.db')
  copyFileSync(path, changed)
  const database = new DatabaseSync(changed)
  change(database)
  database.close()
  const content = readFileSync(changed)
  hurt(content)
  const everything = createAcknowledged(said)
  const files = new Map([[STORE_FILE, content]])
  const found = await checkImage({ files, modes: [] }, join(folder, 'image'), { before: everything, everything })
  return [...new Set(found.map(({ check }) => check))]
}

const CUT_TO_TWO = `DELETE FROM events WHERE seq > 2;
  UPDATE sessions SET version = 2, hash = (SELECT lower(hex(hash)) FROM events WHERE seq = 2)`
const CUT_TO_THREE = CUT_TO_TWO.replaceAll('2', '3')

describe('the check of an image', () => {
  test('finds nothing in a file that holds what was said', async () => {
    expect(await checkAfter(() => {})).toEqual([])
    expect(said.map((each) => (each.type === 'appended' ? each.version : each.type))).toEqual([2, 'claimed', 4])
  })

  test.each([
    ['a body was changed', "UPDATE events SET body = '{}' WHERE seq = 3", 'chain'],
    ['a body was erased', 'UPDATE events SET body = NULL, salt = NULL WHERE seq = 3', 'chain'],
    ['the last event is gone', 'DELETE FROM events WHERE seq = 4', 'chain'],
    ['an event in between is gone', 'DELETE FROM events WHERE seq = 2', 'chain'],
    ['half a commit stands', CUT_TO_THREE, 'whole'],
    ['a commit that was acknowledged is gone', CUT_TO_TWO, 'acknowledged'],
    ['the session is gone', 'DELETE FROM events; DELETE FROM sessions', 'acknowledged'],
    ['a fence fell back', 'UPDATE sessions SET fence = 0', 'acknowledged'],
    [
      'nothing can be written',
      "CREATE TRIGGER no BEFORE INSERT ON events BEGIN SELECT raise(FAIL, 'no'); END",
      'usable',
    ],
    [
      'a session cannot go on',
      'CREATE TRIGGER no AFTER UPDATE ON sessions BEGIN UPDATE sessions SET fence = 9; END',
      'usable',
    ],
  ])('notices that %s', async (_what, statements, check) => {
    expect(await checkAfter((database) => database.exec(statements))).toContain(check)
  })

  test('notices that the file is no database, and that a page of it is damaged', async () => {
    const nothing = () => {}
    expect(await checkAfter(nothing, (file) => file.fill(1, 0, 512))).toEqual(['readable'])
    expect(await checkAfter(nothing, (file) => file.fill(0xff, 4_096, 8_192))).toEqual(['readable'])
  })

  test('finds that everything is lost where the folder is not there', async () => {
    const everything = createAcknowledged(said)
    const image = { files: new Map<string, Buffer>(), modes: [] }
    const found = await checkImage(image, join(folder, 'image'), { before: everything, everything })
    expect(found.map(({ check }) => check)).toEqual(['acknowledged', 'acknowledged'])
    const before = createAcknowledged()
    expect(await checkImage(image, join(folder, 'image'), { before, everything })).toEqual([])
  })
})
