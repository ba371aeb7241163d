/** docs/retention.md says what the code does. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from 'pawl/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFolder, objects, pawl } from './cli/pawl.ts'
import { typedLines, unknownIn } from './cli/typed-line.ts'

const text = readFileSync(new URL('../docs/retention.md', import.meta.url), 'utf8')
const hasPython = spawnSync('python3', ['--version']).status === 0

let folder: string
let remove: () => void
beforeAll(async () => {
  ;({ folder, remove } = makeFolder())
  await pawl(folder, 'run', 'triage', 'Zoë’s café 🌍 \\ " was charged twice')
  await pawl(folder, 'export', 'last', '--out', 'session.jsonl')
  await pawl(folder, 'export', 'last', '--out', 'masked.jsonl', '--mask')
})
afterAll(() => remove())

function fieldsSaid(type: string): readonly string[] {
  const row = text.split('\n').find((line) => line.startsWith(`| \`${type}\` |`)) ?? ''
  const [, fields = ''] = row.split(' | ')
  return [...fields.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

describe('docs/retention.md', () => {
  test('has commands that can be typed as they stand there', () => {
    const lines = typedLines(text)
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines) expect([line, unknownIn(line)]).toEqual([line, null])
    expect(unknownIn('prune --older-than 30d --sideways')).toBe('--sideways')
  })

  test('names every field of every line of an export', () => {
    const written = ['session.jsonl', 'masked.jsonl'].flatMap((name) =>
      objects(readFileSync(join(folder, name), 'utf8')),
    )
    const types = new Set(written.map(({ type }) => String(type)))
    expect([...types].sort()).toEqual(['definition', 'end', 'event', 'pawl_export', 'session'])
    for (const type of types) {
      const fields = new Set(written.filter((line) => line['type'] === type).flatMap((line) => Object.keys(line)))
      fields.delete('type')
      expect([type, fieldsSaid(type).toSorted()]).toEqual([type, [...fields].sort()])
    }
    expect(fieldsSaid('artifact')).toEqual(['hash', 'mediaType', 'bytes', 'content'])
  })

  test.runIf(hasPython)('shows a program that checks an export, and finds a changed character', () => {
    const [, program = ''] = /```python\n([\s\S]*?)```/.exec(text) ?? []
    const file = readFileSync(join(folder, 'session.jsonl'), 'utf8')
    const run = (content: string) =>
      execFileSync(
        'python3',
        ['-c', `${program.replace('open("session.jsonl", encoding="utf-8")', 'open(0, encoding="utf-8")')}`],
        {
          input: content,
          stdio: ['pipe', 'ignore', 'ignore'],
        },
      )
    expect(() => run(file)).not.toThrow()
    expect(() => run(file.replace('charged twice', 'charged thrice'))).toThrow()
  })

  test('says the limits as they are', () => {
    expect(defaultLimits).toMatchObject({ retainEndedMs: 0, orphanArtifactMs: 86_400_000, sweepEveryMs: 600_000 })
    expect(text).toContain('after `orphanArtifactMs` (1 d)')
    expect(text).toContain('every `sweepEveryMs` (10 min)')
    expect(text).toContain('with 0, the default, never')
  })
})
