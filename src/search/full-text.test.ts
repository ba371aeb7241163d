import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { openSearch, SEARCH_BOUNDS, type Search } from './full-text.ts'

let search: Search
beforeAll(async () => {
  search = await openSearch()
})

function find(texts: readonly string[], query: string, k = 10): readonly string[] {
  return search
    .searchPassages(
      texts.map((text) => ({ text })),
      query,
      k,
    )
    .matches.map(({ passage }) => passage.text)
}

describe('full text', () => {
  const animals = ['the quick brown fox', 'a lazy dog sleeps', 'foxes and dogs', 'nothing of the kind']

  test('finds other forms of a word, whatever its case and accents', () => {
    expect(find(animals, 'FOX')).toEqual(['foxes and dogs', 'the quick brown fox'])
    expect(find(['un café noir', 'thé'], 'CAFE')).toEqual(['un café noir'])
  })

  test('puts first what has more of the words, and what has the rare ones', () => {
    expect(find([...animals, 'quick dog'], 'quick dog')[0]).toBe('quick dog')
    const many = Array.from({ length: 50 }, (_, index) => `order number ${index} pending`)
    expect(find(many, 'pending order 37')[0]).toBe('order number 37 pending')
  })

  test('puts an id before its parts', () => {
    expect(find(['card 1284 of credit', 'credit_card_1284', 'a credit'], 'credit_card_1284')[0]).toBe(
      'credit_card_1284',
    )
  })

  test('keeps the order of what is as good, and gives no more than asked', () => {
    const same = Array.from({ length: 6 }, (_, at) => ({ text: 'same words', at }))
    const { matches } = search.searchPassages([...same, { text: 'others', at: 6 }], 'words', 3)
    expect(matches.map(({ passage }) => passage.at)).toEqual([0, 1, 2])
    expect(find(animals, 'fox', 0)).toEqual([])
  })

  test.each([
    '',
    '   ',
    '"',
    '*',
    '()',
    '-',
    '^',
    '😀',
    'AND',
    'z NEAR(',
    '\0',
    '"z" OR',
    'text:x',
    '{z y}: w',
    '\ud800',
  ])('has no syntax that could break it: %j', (query) => {
    expect(find(['plain passage'], query)).toEqual([])
    expect(find(['plain passage'], `${query} plain`)).toEqual(['plain passage'])
  })

  test('takes operators for words', () => {
    expect(find(['this and that', 'or else', 'near'], 'NEAR')).toEqual(['near'])
    expect(find(['this and that', 'or else'], 'NOT that')).toEqual(['this and that'])
  })

  test('never throws, and gives only what it was given, whatever the query and the passages', () => {
    const odd = fc.string({ unit: 'binary', maxLength: 30 })
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 5 }), odd, fc.integer({ min: -1, max: 9 }), (texts, query, k) => {
        const found = find(texts, query, k)
        expect(found.length).toBeLessThanOrEqual(Math.max(0, k))
        for (const text of found) expect(texts).toContain(text)
      }),
      { numRuns: 40 },
    )
  })

  test('finds a word of its own letters whatever stands around it', () => {
    const word = fc.string({
      unit: fc.constantFrom('q', 'x', '7', 'é', 'ß', '東', '京', 'ไ', 'ท'),
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(word, (text) => {
        expect(find(['other', `before, ${text}; after`], text)).toEqual([`before, ${text}; after`])
      }),
      { numRuns: 40 },
    )
  })

  test('finds parts of writing without spaces, also one letter and beside other words', () => {
    const texts = ['東京都に住んでいる', '大阪は大きい', 'order 東京タワー shipped', 'order shipped']
    expect(find(texts, '東京')).toEqual(['order 東京タワー shipped', '東京都に住んでいる'])
    expect(find(texts, '京').length).toBe(2)
    expect(find(texts, 'タワー')).toEqual(['order 東京タワー shipped'])
    expect(find(texts, '東京 order')[0]).toBe('order 東京タワー shipped')
    expect(find(texts, '名古屋')).toEqual([])
  })

  test('looks inside words only where no word matches, and says so', () => {
    const passages = [{ text: 'order W12847' }, { text: 'order W999' }]
    expect(search.searchPassages(passages, '1284', 5)).toMatchObject({ how: 'characters', matches: [{ score: 1 }] })
    expect(search.searchPassages(passages, 'order 1284', 5)).toMatchObject({ how: 'words' })
    expect(search.searchPassages(passages, 'zebra', 5)).toEqual({ how: 'nothing', matches: [], notSearched: 0 })
  })

  test('is bounded, and says how many passages it left out', () => {
    const many = Array.from({ length: SEARCH_BOUNDS.maxPassages + 5 }, (_, index) => ({ text: `p${index}` }))
    const last = `p${SEARCH_BOUNDS.maxPassages + 4}`
    expect(search.searchPassages(many, last, 5)).toMatchObject({ notSearched: 5, how: 'nothing' })
    const long = { text: 'x'.repeat(SEARCH_BOUNDS.maxCharacters / 2) }
    expect(search.searchPassages([long, long, long], 'y', 5).notSearched).toBe(1)
    expect(find(['the end'], `${'x '.repeat(100_000)} end`)).toEqual([])
  })

  test('is not loaded by a program that never searches', () => {
    const file = new URL('./full-text.ts', import.meta.url).href
    const says = (program: string): string =>
      execFileSync(process.execPath, [
        '--conditions=pawl-source',
        '--no-warnings',
        '--input-type=module',
        '-e',
        program,
      ]).toString()
    const isLoaded = `console.log(process.moduleLoadList.some((name) => name.endsWith('sqlite')))`
    expect(says(`await import('${file}'); ${isLoaded}`)).toBe('false\n')
    expect(says(`await (await import('${file}')).openSearch(); ${isLoaded}`)).toBe('true\n')
  })
})
