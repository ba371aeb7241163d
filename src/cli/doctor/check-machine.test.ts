import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { memoryStore } from '../../stores/memory.ts'
import { sqliteStore } from '../../stores/sqlite/index.ts'
import { checkDisk, diskOf } from './check-machine.ts'

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

test('a reserve of a size that was chosen is whole at that size', async () => {
  const path = pathInFolder()
  for (const reserveBytes of [0, 65_536]) {
    const store = sqliteStore({ path, reserveBytes })
    onTestFinished(() => store.close())
    const [disk, ...others] = await checkDisk(path, diskOf(store)?.reserveBytes)
    expect([disk?.says, others]).toEqual([expect.not.stringContaining('kept back'), []])
  }
  expect(await checkDisk(path, 98_304)).toMatchObject([{ says: expect.stringContaining('64 of 96 KiB kept back') }])
})

test('a store says where its file is; one in memory has none', async () => {
  const path = pathInFolder()
  for (const [at, disk] of [
    [path, { path, reserveBytes: 262_144 }],
    [':memory:', null],
  ] as const) {
    const store = sqliteStore(at)
    onTestFinished(() => store.close())
    expect(diskOf(store)).toEqual(disk)
  }
  expect(diskOf(memoryStore())).toBeNull()
})
