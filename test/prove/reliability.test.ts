import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ProofRecord } from './proof.ts'
import { proofs } from './proofs.ts'
import { readRecords, reliabilityFile, renderReliability } from './reliability.ts'

const record: ProofRecord = {
  proof: 'power',
  size: 'small',
  command: 'npm run prove -- power',
  commit: '0123456789ab',
  node: 'v24.0.0',
  finishedAt: '2026-01-02T03:04:05.000Z',
  seconds: 30,
  passed: 2,
  failed: 0,
  skipped: [],
  figures: [{ name: 'images', value: 400, goal: 600 }],
  caught: [{ bug: 'no fsync', by: 'an acknowledged event is lost', tries: 3, of: 'images' }],
  notTested: ['Drives that lie about a flush.'],
}

describe('docs/reliability.md', () => {
  test('is what the records say, to the letter', () => {
    expect(readFileSync(reliabilityFile, 'utf8')).toBe(renderReliability(readRecords()))
  })

  test('says of a size that was not run that it was not run', () => {
    const page = renderReliability(new Map([['power', { small: record }]]))
    expect(page).toContain('| [Power loss](#power-loss) | P1, P2 | held; images: 400 of 600 | not run |')
    expect(page.match(/^Not run\.$/gm)).toHaveLength(proofs.length - 1)
  })

  test('does not say held of a run in which something with a goal was not done at all', () => {
    const figures = [
      { name: 'images', value: 400, goal: 600 },
      { name: 'cuts', value: 0, goal: 20 },
    ]
    const page = renderReliability(new Map([['power', { small: { ...record, figures } }]]))
    expect(page).toContain('| P1, P2 | in part; cuts: 0 of 20 | not run |')
    const none = renderReliability(
      new Map([['power', { small: { ...record, figures: [{ name: 'cuts', value: 0, goal: 0 }] } }]]),
    )
    expect(none).toContain('| P1, P2 | held | not run |')
  })

  test('counts the planted bugs that each run caught, and not those of two runs as one', () => {
    const bugOf = (bug: string) => ({ bug, by: 'a lost event', tries: 1, of: 'images' })
    const small = { ...record, caught: [bugOf('no fsync'), bugOf('no order'), bugOf('no lock')] }
    const night = { ...record, size: 'night' as const, caught: [bugOf('no fsync'), bugOf('no checksum')] }
    const page = renderReliability(new Map([['power', { small, night }]]))
    const once = 'after 1 images, by “a lost event”'
    expect(page).toContain(
      [
        '| planted bugs caught | small | night |',
        '|---|---|---|',
        '| all of them | 3 | 2 |',
        `| no fsync | ${once} | ${once} |`,
        `| no order | ${once} |  |`,
        `| no lock | ${once} |  |`,
        `| no checksum |  | ${once} |`,
        '',
      ].join('\n'),
    )
  })

  test('shows a run that time cut short, a failure, a planted bug and a gap as what they are', () => {
    const page = renderReliability(
      new Map([['power', { small: record, night: { ...record, size: 'night', failed: 1 } }]]),
    )
    expect(page).toContain('| images | 400 of 600 | 400 of 600 |')
    expect(page).toContain('400 of 600 | **1 failed**, 2 passed |')
    expect(page).toContain('| no fsync | after 3 images, by “an acknowledged event is lost” |')
    expect(page).toContain('- Drives that lie about a flush.')
  })
})
