import { describe, expect, test } from 'vitest'
import { type RouteChoice, routeByRules } from './route.ts'
import { defaultRouteRules } from './route-defaults.ts'
import { routeByKeywords } from './route-keywords.ts'
import { ROUTED_CHARACTERS } from './route-request.ts'
import {
  asksAQuestion,
  isAtAnEdge,
  isBroad,
  isLong,
  type Labelled,
  namesAFile,
  namesNoFile,
} from './route-requests.fixture.ts'

const rules = defaultRouteRules

/** A text as a test's name shows it. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}

describe.each<[string, readonly Labelled[]]>([
  ['names a file', namesAFile],
  ['asks a question', asksAQuestion],
  ['names no file and asks nothing', namesNoFile],
  ['has broad words', isBroad],
  ['stands at an edge of a limit', isAtAnEdge],
  ['is long', isLong],
])('a request that %s', (_, requests) => {
  test.each(requests.map((request) => [shown(request[0]), request] as const))('%s', (_, [
    text,
    level,
    withoutModel,
  ]) => {
    const choice = routeByRules(text, rules)
    expect(choice === null ? 'model' : choice.level).toBe(level)
    if (choice !== null) expect(choice.route).toBe('direct')
    expect(routeByKeywords(text, rules)).toMatchObject({ route: withoutModel, level: 'keywords' })
  })
})

test('at least 80 requests are labelled, on both sides of every rule', () => {
  const all = [...namesAFile, ...asksAQuestion, ...namesNoFile, ...isBroad, ...isAtAnEdge, ...isLong]
  expect(new Set(all.map(([text]) => text)).size).toBe(all.length)
  expect(all.length).toBeGreaterThanOrEqual(80)
  expect(Math.min(namesAFile.length, asksAQuestion.length, namesNoFile.length, isBroad.length)).toBeGreaterThan(15)
})

describe('a rule that is broken on purpose is seen by the table', () => {
  const wrongWith = (broken: Partial<typeof rules>) =>
    [...namesAFile, ...asksAQuestion, ...namesNoFile, ...isBroad, ...isAtAnEdge].filter(
      ([text, level]) => (routeByRules(text, { ...rules, ...broken }) === null) !== (level === 'model'),
    )

  test.each<[string, Partial<typeof rules>]>([
    ['maxWords one too few', { maxWords: 14 }],
    ['maxWords one too many', { maxWords: 16 }],
    ['maxCharacters one too few', { maxCharacters: 149 }],
    ['maxCharacters one too many', { maxCharacters: 151 }],
    ['no broad words', { broadWords: [] }],
    ['no endings of files', { fileSuffixes: [] }],
    ['no names of files', { fileNames: [] }],
    ['nothing that only looks like a file', { notFiles: [] }],
    ['no hosts', { hostSuffixes: [] }],
    ['no question marks', { questionMarks: [] }],
    ['no question words', { questionWords: [] }],
    ['no words of a request', { requestWords: [] }],
  ])('%s', (_, broken) => {
    expect(wrongWith({})).toEqual([])
    expect(wrongWith(broken)).not.toEqual([])
  })
})

describe('the reason of a rule', () => {
  test.each<[string, string]>([
    ['fix the typo in README.md', '5 words, names "README.md", no broad words'],
    ['Diff a.ts b.ts c.ts', '4 words, names "a.ts" and 2 more, no broad words'],
    ['Why?', 'a question of 1 word, no broad words'],
  ])('%s', (text, reason) => {
    const expected: RouteChoice = { route: 'direct', level: 'rules', reason, confidence: null }
    expect(routeByRules(text, rules)).toEqual(expected)
  })

  test('never quotes more than 40 characters of a name', () => {
    expect(routeByRules(`read ${'x'.repeat(120)}.ts`, rules)?.reason.length).toBeLessThan(100)
    expect(routeByRules(`read ${'x'.repeat(38)}.ts`, rules)?.reason).toBe(
      '2 words, names a path of 41 characters, no broad words',
    )
  })
})

describe('text of any size', () => {
  test('is looked at up to a limit, and is never short when it goes on', () => {
    const text = `fix a.ts${' '.repeat(ROUTED_CHARACTERS)}`
    expect(routeByRules(text.slice(0, ROUTED_CHARACTERS), rules)?.route).toBe('direct')
    expect(routeByRules(text, rules)).toBeNull()
  })

  test('what stands behind the limit weighs nothing', () => {
    const front = 'x '.repeat(ROUTED_CHARACTERS / 2)
    expect(routeByKeywords(`${front}refactor the entire project`, rules)).toEqual(routeByKeywords(front, rules))
    expect(routeByKeywords(`${front.slice(100)}refactor the entire project`, rules).route).toBe('plan')
  })
})

describe('an agent replaces the rules', () => {
  test('broad words of its own, with open endings', () => {
    const own = { ...rules, broadWords: ['produktiv*', '生产'] }
    expect(routeByRules('Lies Produktivsystem aus a.ts', own)).toBeNull()
    expect(routeByRules('查看生产a.ts', own)).toBeNull()
    expect(routeByRules('refactor a.ts', own)?.route).toBe('direct')
  })

  test('files of its own', () => {
    expect(routeByRules('open wing.dwg', rules)).toBeNull()
    expect(routeByRules('open wing.dwg', { ...rules, fileSuffixes: ['.dwg'] })?.route).toBe('direct')
  })
})
