import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { expectedCsv } from './expected.fixture.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

test('a plan written by hand writes what the template does, and twice is once', { timeout: 60_000 }, () => {
  mkdirSync(here('../../.tmp/'), { recursive: true })
  const cwd = mkdtempSync(here('../../.tmp/short-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  copyFileSync(here('commits.csv'), join(cwd, 'commits.csv'))
  const flags = ['--conditions=pawl-source', '--no-warnings']
  const run = () => execFileSync(process.execPath, [...flags, here('short.ts')], { cwd, encoding: 'utf8' })
  expect([run(), run()]).toEqual(Array(2).fill('{"count":64,"path":"sound.csv"}\n'))
  expect(readFileSync(join(cwd, 'sound.csv'), 'utf8')).toBe(expectedCsv(here('commits.csv')))
})

test('and has at most 25 lines', () => {
  expect(readFileSync(here('short.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(25)
})
