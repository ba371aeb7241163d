import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newFile } from './new-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-new-file-'))
  path = join(folder, 'x.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a file has its name when it is whole, and not before', () => {
  const file = newFile(path, { force: false })
  file.write('Zoë\n')
  file.write(new Uint8Array([0, 255]))
  expect(existsSync(path)).toBe(false)
  expect(file.finish()).toBe(7)
  file.abandon()
  expect(readFileSync(path)).toEqual(Buffer.from([...Buffer.from('Zoë\n'), 0, 255]))
  expect(readdirSync(folder)).toEqual(['x.jsonl'])
})

test('a file that is abandoned was never there', () => {
  const file = newFile(path, { force: false })
  file.write('half')
  file.abandon()
  expect(readdirSync(folder)).toEqual([])
})

test('a file that is there stays as it is, also if it came meanwhile; with force it is replaced at once', () => {
  const file = newFile(path, { force: false })
  file.write('new')
  writeFileSync(path, 'old')
  expect(() => file.finish()).toThrow('--force')
  file.abandon()
  expect(() => newFile(path, { force: false })).toThrow('--force')
  expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['x.jsonl'], 'old'])
  const forced = newFile(path, { force: true })
  forced.write('new')
  expect(readFileSync(path, 'utf8')).toBe('old')
  forced.finish()
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a place where nothing can be written is said', () => {
  expect(() => newFile(join(folder, 'no', 'x.jsonl'), { force: false })).toThrow(/expected to write .*ENOENT/)
})
