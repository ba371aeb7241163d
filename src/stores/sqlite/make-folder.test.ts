import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeFolder } from './make-folder.ts'

const synced: (string | undefined)[] = []

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const opened = new Map<number, string>()
  return {
    ...fs,
    openSync: (path: string, flags: string) => {
      const descriptor = fs.openSync(path, flags)
      opened.set(descriptor, path)
      return descriptor
    },
    fsyncSync: (descriptor: number) => {
      fs.fsyncSync(descriptor)
      synced.push(opened.get(descriptor))
    },
  }
})

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pawl-'))
  synced.length = 0
})

afterEach(() => rmSync(root, { recursive: true }))

test('a new folder is made with those above it, and the folder of each new name is synced', () => {
  makeFolder(join(root, 'a', 'b', 'c'))
  expect(existsSync(join(root, 'a', 'b', 'c'))).toBe(true)
  expect(synced.toSorted()).toEqual([root, join(root, 'a'), join(root, 'a', 'b')])
})

test('nothing is synced where the folder is there', () => {
  makeFolder(join(root, '.'))
  expect(synced).toEqual([])
})
