/** An erased body leaves a chain that holds (DESIGN, law 7); only whole sessions are ever erased, so `pawl verify` must say of any other that it is gone. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, objects, pawl } from '../cli/pawl.ts'

let folder: string
let remove: () => void
beforeEach(async () => {
  ;({ folder, remove } = makeFolder())
  await here('run', 'triage', 'I was charged twice')
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, ...args)

function change(statement: string): void {
  const database = new DatabaseSync(join(folder, '.pawl/pawl.db'))
  database.exec(statement)
  database.close()
}

const erase = 'UPDATE events SET body = NULL, salt = NULL WHERE seq IN (2, 3, 5)'

describe('verify, where bodies were erased', () => {
  test('says that the chain holds, how many bodies are gone, and what to do, and ends as unsound', async () => {
    change(erase)
    const { code, out } = await here('verify', 'last')
    expect(code).toBe(4)
    expect(out).toContain('the chain holds over')
    expect(out).toContain('3 bodies erased')
    expect(out).toContain('backup')
  })
  test('says so of one of all sessions, and in the sum', async () => {
    await here('run', 'failing', 'x')
    change(`${erase} AND session_key = 1`)
    const { code, out } = await here('verify')
    expect(code).toBe(4)
    expect(out).toContain('3 bodies erased')
    expect(out).toContain('1 of 2 sessions with erased bodies')
    expect(out).not.toContain('every chain holds')
  })
  test('counts them for machines, beside a check that holds', async () => {
    expect(objects((await here('verify', '--json')).out)).toMatchObject([{ erased: 0, check: { type: 'holds' } }])
    change(erase)
    const { code, out } = await here('verify', '--json')
    expect(code).toBe(4)
    expect(objects(out)).toMatchObject([{ erased: 3, check: { type: 'holds' } }])
  })
  test('notices them against heads that were kept, also where only the body is gone', async () => {
    const file = join(folder, 'heads.ndjson')
    writeFileSync(file, (await here('verify', '--json')).out)
    change('UPDATE events SET body = NULL WHERE seq = 4')
    const { code, out } = await here('verify', '--against', file)
    expect(code).toBe(4)
    expect(out).toContain('1 body erased')
  })
  test('doctor says so of the newest sessions', async () => {
    change(erase)
    const { code, out } = await here('doctor')
    expect(code).toBe(4)
    expect(out).toContain('bodies of events are gone')
    expect(out).toContain('(3 events)')
  })
  test('counts those before a break, too', async () => {
    change(erase)
    change("UPDATE events SET kind = 'no' WHERE seq = 4")
    const { out } = await here('verify', '--json')
    expect(objects(out)).toMatchObject([{ erased: 2, check: { type: 'broken', seq: 4 } }])
    expect((await here('verify')).out).toContain('2 bodies erased before it')
  })
})
