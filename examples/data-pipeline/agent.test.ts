import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { restOf } from '../planned/rest.fixture.ts'
import { type DataPipelineOptions, dataPipeline } from './agent.ts'
import { expectedCsv } from './expected.fixture.ts'
import { filesOf } from './files.ts'
import { scriptedSteward } from './model.ts'
import { transformBatch } from './rows.ts'
import { optionsFor } from './start-options.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

function newFolder(): string {
  const temporary = here('../../.tmp/')
  mkdirSync(temporary, { recursive: true })
  const folder = mkdtempSync(join(temporary, 'rows-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  copyFileSync(here('commits.csv'), join(folder, 'commits.csv'))
  return folder
}

type Piping = Partial<Pick<DataPipelineOptions, 'transform'>> & {
  readonly folder?: string
  readonly maxInvalid?: number
}

async function piped({ folder = newFolder(), maxInvalid = 8, ...options }: Piping = {}) {
  const agent = dataPipeline({ files: filesOf(folder), model: scriptedSteward(), ...options })
  const { result } = await restOf(agent, optionsFor('job', { target: 'clean.csv', maxInvalid }))
  const path = join(folder, 'clean.csv')
  return { folder, result, written: existsSync(path) ? readFileSync(path, 'utf8') : null }
}

describe('the commits of the example', () => {
  test('are written as SQLite computes them, in order, whatever the order in which batches come back', async () => {
    const first = { isFirst: true }
    const transform: typeof transformBatch = (rows) => {
      if (first.isFirst) {
        first.isFirst = false
        throw Object.assign(new Error('busy'), { retryable: true })
      }
      return transformBatch(rows)
    }
    const { written, result } = await piped({ transform })
    expect(written).toBe(expectedCsv(here('commits.csv')))
    expect(result.isPartial).toBe(false)
  })

  test('are 64: as many as were taken from the log, with as many lines', async () => {
    const { written } = await piped()
    const lines = written?.trimEnd().split('\n').slice(1) ?? []
    const sum = (column: number) => lines.reduce((all, line) => all + Number(line.split(',').at(column)), 0)
    // As `git log --numstat` counts the 64 commits that commits.csv was made of.
    expect([lines.length, sum(-5), sum(-4)]).toEqual([64, 87_061, 8_289])
  })

  test('lose the eight broken rows, and the summary says why', async () => {
    const { result } = await piped()
    expect(result.text).toContain('72 rows were read, 8 were left out, 64 were written.')
    for (const why of [
      'row 6, it has no deletions',
      'row 12, it has more cells than columns: "3"',
      'row 18, date is "2026-02-30", expected a day',
      'row 25, commit is "HEAD", expected a hash',
      'row 33, subject is "", expected some text',
      'row 40, files is "n/a", expected a whole number',
      'row 47, insertions is "-2", expected a whole number',
      'row 58, the same commit as row 2',
    ])
      expect(result.text).toContain(why)
  })
})

describe('the pipeline', () => {
  test('writes nothing where one more row is invalid than may be, and says so', async () => {
    const { written, result } = await piped({ maxInvalid: 7 })
    expect(written).toBeNull()
    expect(result.isPartial).toBe(true)
    expect(result.text).toContain('none were written')
    expect(result.text).toMatch(/Not done: Validate the rows \(failed.+Write the rows \(unreachable/)
  })

  test('never replaces a file that is there', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'clean.csv'), 'mine\n')
    const { written, result } = await piped({ folder })
    expect(written).toBe('mine\n')
    expect(result.text).toContain('expected no file clean.csv; there is one')
    expect(readdirSync(folder).toSorted()).toEqual(['clean.csv', 'commits.csv'])
  })

  test('writes nothing where a batch cannot be transformed', async () => {
    const transform = () => {
      throw Object.assign(new Error('it is broken'), { retryable: false })
    }
    const { written, result } = await piped({ transform })
    expect(written).toBeNull()
    expect(result.text).toContain('Write the rows (unreachable')
  })
})
