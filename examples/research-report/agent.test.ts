import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json, Model, ModelRequest } from 'pawl'
import { describe, expect, onTestFinished, test } from 'vitest'
import { restOf } from '../planned/rest.fixture.ts'
import { researchReport } from './agent.ts'
import { documentsIn } from './documents.ts'
import { scriptedResearchers } from './model.ts'
import { type Asked, asked, optionsFor } from './start-options.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const repository = here('../..')

function newFolder(): string {
  const temporary = here('../../.tmp/')
  mkdirSync(temporary, { recursive: true })
  const folder = mkdtempSync(join(temporary, 'report-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Documents of the test, in place of this repository's. */
function folderWith(pages: { readonly [path: string]: string }): string {
  const root = newFolder()
  mkdirSync(join(root, 'docs'))
  for (const [path, text] of Object.entries(pages)) writeFileSync(join(root, 'docs', path), text)
  return root
}

const kites = {
  'kites.md': '# Kites\n\nA kite needs wind. A long tail\nkeeps it steady.\n',
  'boats.md': '# Boats\n\nA boat needs water, and its sail needs wind.\n',
}

type Researching = { readonly root: string; readonly model?: Model } & Partial<Asked>

async function reported({ root, model = scriptedResearchers(), ...own }: Researching) {
  const reports = newFolder()
  const agent = researchReport({ documents: documentsIn(root), reports, model })
  const question = { question: 'What needs wind?', topics: ['wind'], report: 'report.md', ...own }
  const { result } = await restOf(agent, optionsFor(question))
  const path = join(reports, question.report)
  return { result, report: existsSync(path) ? readFileSync(path, 'utf8') : null }
}

type Changed = (request: ModelRequest, said: Json) => Json | undefined

/** The script, but for what one of its answers says. */
function changed(change: Changed): Model {
  const script = scriptedResearchers()
  return {
    ...script,
    generate: async (request, generation) => {
      const response = await script.generate(request, generation)
      const [part] = response.parts
      const other = part?.type === 'text' ? change(request, JSON.parse(part.text)) : undefined
      return other === undefined ? response : { ...response, parts: [{ type: 'text', text: JSON.stringify(other) }] }
    },
  }
}

describe('a report', () => {
  test('says what the documents say of each topic, and where, and what they do not', async () => {
    const { report, result } = await reported({ root: folderWith(kites), topics: ['wind', 'long tail', 'gold'] })
    expect(result).toMatchObject({
      isPartial: false,
      text: expect.stringMatching(/^The report stands in report\.md: \d+ words\.$/),
    })
    expect(report?.split('\n\n')).toEqual([
      '# What needs wind?',
      'The documents answer for wind, long tail: 3 sentences of 2 documents speak of it.',
      '## What the documents say',
      '- wind: A boat needs water, and its sail needs wind. (docs/boats.md)',
      '- wind: A kite needs wind. (docs/kites.md)',
      '- long tail: A long tail keeps it steady. (docs/kites.md)',
      '## What is missing',
      '- nothing was found about gold\n',
    ])
  })

  test('counts one as one', async () => {
    const { report } = await reported({ root: folderWith(kites), topics: ['long tail'] })
    expect(report).toContain('The documents answer for long tail: 1 sentence of 1 document speaks of it.')
  })

  test('does not say what a researcher made up: the analyst reads the document again', async () => {
    const invented = { claim: 'Wind is free.', quote: 'Wind is free.', path: 'docs/kites.md' }
    const model = changed(({ taskId }) =>
      taskId === 'research-1' ? { topic: 'wind', findings: [invented], missing: [] } : undefined,
    )
    const { report } = await reported({ root: folderWith(kites), model })
    const [said, missing] = report?.split('## What is missing') ?? []
    expect(said).not.toContain('Wind is free')
    expect(missing).toContain('- docs/kites.md does not say: Wind is free.')
  })

  test('is written without a topic whose research failed, and names it', async () => {
    const model = changed(({ taskId }) => (taskId === 'research-2' ? 'I could not be bothered.' : undefined))
    const { report, result } = await reported({ root: folderWith(kites), topics: ['wind', 'long tail'], model })
    expect(result.isPartial).toBe(true)
    expect(result.text).toMatch(/^The report stands in report\.md[\s\S]+Not done: Research: long tail \(failed/)
    expect(report).toContain('- wind: A kite needs wind. (docs/kites.md)')
    expect(report).toMatch(/## What is missing[\s\S]+research-2: Research: long tail → failed, invalid_output/)
  })

  test('is only written as Markdown', async () => {
    const { report, result } = await reported({ root: folderWith(kites), report: 'report.sh' })
    expect(report).toBeNull()
    expect(result.text).toContain('Not done: Write the report (failed')
    expect(result.text).toContain('a report is a file .md; report.sh is none')
  })

  test('stays in its folder', async () => {
    const { result } = await reported({ root: folderWith(kites), report: '../report.md' })
    expect(result.text).toContain('expected a path inside the folder; found ../report.md')
  })
})

test("`main.ts` reports from this repository's docs: every document that it names says so", { timeout: 60_000 }, () => {
  const folder = newFolder()
  const flags = ['--conditions=pawl-source', '--no-warnings']
  const said = execFileSync(process.execPath, [...flags, here('main.ts'), '--folder', folder], { encoding: 'utf8' })
  expect(said).toMatch(/^done The report stands in report\.md: \d+ words\.$/m)
  const report = readFileSync(join(folder, 'report.md'), 'utf8')
  expect(report.split(/\s+/).length).toBeLessThanOrEqual(600 + 1)
  const points = [...report.matchAll(/^- (?<topic>[\w ]+): (?<claim>.+) \((?<path>docs\/[\w/.-]+\.md)\)$/gm)]
  // Letters and digits alone, so that neither Markdown nor line breaks count.
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  for (const { groups: { claim = '', path = '' } = {} } of points)
    expect(bare(readFileSync(join(repository, path), 'utf8'))).toContain(bare(claim))
  // Of each topic something is said, or it is said that nothing is; the documents go on being written, and have never heard of the moon.
  const spoken = new Set(points.map(({ groups }) => groups?.['topic']))
  expect(spoken.size).toBeGreaterThan(0)
  for (const topic of asked.topics)
    expect([topic, report.includes(`- nothing was found about ${topic}`)]).toEqual([topic, !spoken.has(topic)])
  expect(spoken.has('moon phases')).toBe(false)
})
