import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { checkDisk } from './check-machine.ts'

function pathInFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'pawl.db')
}

test('the room on the disk says when nothing is kept back for cancels', async () => {
  const path = pathInFolder()
  await sqliteStore({ path, reserveBytes: 0 }).close()
  expect(await checkDisk(path)).toMatchObject([{ says: expect.stringContaining('0 of 256 KiB kept back for cancels') }])
  await sqliteStore(path).close()
  expect(await checkDisk(path)).toMatchObject([{ says: expect.not.stringContaining('kept back') }])
})
