import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const script = fileURLToPath(new URL('./quickstart.ts', import.meta.url))
const temporary = fileURLToPath(new URL('../.tmp/', import.meta.url))

test('the example of the README runs: it stops for approval, then refunds', () => {
  mkdirSync(temporary, { recursive: true })
  const cwd = mkdtempSync(join(temporary, 'quickstart-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const said = execFileSync(process.execPath, ['--conditions=pawl-source', script], { cwd, encoding: 'utf8' })
  expect(said.split('\n')).toEqual([
    "{ type: 'blocked', reason: 'approval' } A person looks at it.",
    "{ type: 'done', reason: 'final_answer' } Your 480 USD are on their way.",
    '',
  ])
})

test('and has at most 25 lines', () => {
  expect(readFileSync(script, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(25)
})
