import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsePage, readPages } from './read-pages.ts'

const docs = new URL('../docs/', import.meta.url)
const files = readdirSync(docs)

test('a page is read as its title and passages of plain text', () => {
  const markdown = [
    '# Late fees',
    '',
    'See [seats](seats.md) and `sso`.',
    '',
    '## Prices',
    '',
    '| Plan | Price |',
    '|---|---|',
    '| Solo | 12.00 USD |',
    '',
    '- One,',
    '- two.',
  ]
  expect(parsePage('late-fees', markdown.join('\n'))).toEqual({
    name: 'late-fees',
    title: 'Late fees',
    passages: [
      { heading: '', body: 'See seats and sso.' },
      { heading: 'Prices', body: 'Plan, Price. Solo, 12.00 USD. One, two.' },
    ],
  })
})

test('a page without text before its first heading has no empty passage', () => {
  expect(parsePage('x', '# X\n\n## Only\n\nText\n').passages).toEqual([{ heading: 'Only', body: 'Text' }])
})

test('there are some thirty pages, each under a title of its own', () => {
  const pages = readPages()
  expect(pages.length).toBe(files.length)
  expect(pages.length).toBeGreaterThanOrEqual(30)
  expect(new Set(pages.map((page) => page.title)).size).toBe(pages.length)
})

test.each(files)('%s is a page of help: a title, headings, 120 to 300 words, links that lead somewhere', (file) => {
  const markdown = readFileSync(new URL(file, docs), 'utf8')
  expect(markdown).toMatch(/^# \S.*\n\n/)
  expect(markdown.match(/^## \S/gm)?.length ?? 0).toBeGreaterThanOrEqual(2)
  const words = markdown.split(/\s+/).filter((word) => /\w/.test(word))
  expect(words.length).toBeGreaterThanOrEqual(120)
  expect(words.length).toBeLessThanOrEqual(300)
  for (const [, target = ''] of markdown.matchAll(/\]\(([^)]+)\)/g)) {
    expect(existsSync(new URL(target, docs)), target).toBe(true)
  }
})
