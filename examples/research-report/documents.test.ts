import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { documentsIn } from './documents.ts'

test('a passage that is too long for a prompt does not take the room of those behind it', () => {
  const root = mkdtempSync(join(tmpdir(), 'pawl-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const long = `lease renewal ${'and so on '.repeat(2_000)}`
  writeFileSync(join(root, 'leases.md'), `${long}\n\nA lease is renewed at half.\n\nNothing else.`)
  expect(documentsIn(root).read('leases.md', 'lease renewal')).toBe('A lease is renewed at half.')
})
