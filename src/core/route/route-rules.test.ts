import { describe, expect, test } from 'vitest'
import { defaultRouteRules } from './route-defaults.ts'
import { problemOfRouteRules, type RouteRules } from './route-rules.ts'

function problemWith(broken: object): string | null {
  // The point of the test: rules that the compiler has never seen.
  return problemOfRouteRules({ ...defaultRouteRules, ...broken } as RouteRules)
}

describe('rules of routing', () => {
  test('are JSON: what is written and read again is the same, and has no problem', () => {
    const read: RouteRules = JSON.parse(JSON.stringify(defaultRouteRules))
    expect(read).toEqual(defaultRouteRules)
    expect(problemOfRouteRules(read)).toBeNull()
  })

  test('have the limits of the design', () => {
    expect(defaultRouteRules).toMatchObject({ maxWords: 15, maxCharacters: 150, otherwise: 'direct' })
    expect(defaultRouteRules.broadWords).toEqual(expect.arrayContaining(['all files', 'entire project', 'refactor*']))
  })

  test('name nothing twice', () => {
    for (const list of [defaultRouteRules.broadWords, defaultRouteRules.fileSuffixes, defaultRouteRules.requestWords]) {
      expect(list.filter((entry, index) => list.indexOf(entry) !== index)).toEqual([])
    }
  })

  const { keywords } = defaultRouteRules
  const planned = (plan: unknown) => ({ keywords: { ...keywords, plan } })
  test.each<[string, object, string]>([
    ['no words at all', { maxWords: 0 }, 'maxWords is a whole number from 1 to 1000, found 0'],
    ['half a word', { maxWords: 1.5 }, 'maxWords is a whole number from 1 to 1000, found 1.5'],
    ['a text as a number', { maxCharacters: '150' }, 'found 150'],
    ['more characters than are looked at', { maxCharacters: 8_001 }, 'from 1 to 8000'],
    ['a text as a list', { broadWords: 'all files' }, 'broadWords is a list of texts'],
    ['a number in a list', { broadWords: [1] }, 'broadWords is a list of texts, found a number in it'],
    ['a regular expression', { broadWords: [/(a+)+$/] }, 'found a object in it'],
    ['a phrase without a word', { broadWords: ['?!'] }, 'broadWords: "?!" has no word in it'],
    ['a "*" alone', { broadWords: ['*'] }, 'has no word in it'],
    ['a "*" within a word', { broadWords: ['re*factor'] }, 'has a "*" that is not at the end of a word'],
    ['a phrase of 9 words', { requestWords: ['a b c d e f g h i'] }, 'has more than 8 words'],
    ['a phrase that is too long', { questionWords: ['x'.repeat(101)] }, 'is longer than 100 characters'],
    ['a long phrase', { fileSuffixes: ['x'.repeat(41)] }, 'fileSuffixes: a text of 41 characters is not a dot'],
    ['too many phrases', { broadWords: Array(1_001).fill('a') }, 'broadWords has at most 1000 entries, found 1001'],
    ['an ending without a dot', { fileSuffixes: ['ts'] }, 'fileSuffixes: "ts" is not a dot with small letters'],
    ['an ending in capitals', { fileSuffixes: ['.TS'] }, 'is not a dot with small letters'],
    ['a name with a blank', { fileNames: ['my file'] }, 'can never be found'],
    ['no keywords', { keywords: null }, 'keywords is an object with a member for each route'],
    [
      'keywords of two routes',
      { keywords: { direct: [], plan: [] } },
      'keywords.plan_and_subagent is a list of groups',
    ],
    ['an object of keywords', planned({ rename: 1 }), 'keywords.plan is a list of groups { weight, phrases }'],
    ['keywords that are no groups', planned(['then']), 'keywords.plan is a list of groups { weight, phrases }'],
    ['too many groups', planned(Array(101).fill({ weight: 1, phrases: [] })), 'keywords.plan has at most 100 groups'],
    ['keywords of no route', { keywords: { ...keywords, delegate: [] } }, '"delegate" is no route'],
    [
      'a keyword without a word',
      planned([{ weight: 1, phrases: ['-'] }]),
      'keywords.plan: phrases: "-" has no word in it',
    ],
    [
      'too many keywords',
      planned(Array(2).fill({ weight: 1, phrases: Array(501).fill('a') })),
      'at most 1000 phrases, found 1002',
    ],
    ['a group without phrases', planned([{ weight: 1 }]), 'keywords.plan: phrases is a list of texts'],
    ['keywords that weigh nothing', planned([{ weight: 0, phrases: [] }]), 'is a number over 0 to 100, found 0'],
    ['a weight of NaN', planned([{ weight: Number.NaN, phrases: [] }]), 'found NaN'],
    ['a weight below 0', { listItemWeight: -1 }, 'listItemWeight is a number from 0 to 100, found -1'],
    ['an endless weight', { minWeight: Number.POSITIVE_INFINITY }, 'minWeight is a number from 0 to 100'],
    ['a route that is none', { otherwise: 'guess' }, 'otherwise is one of direct, plan, plan_and_subagent'],
  ])('are refused with %s', (_, broken, problem) => {
    expect(problemWith(broken)).toContain(problem)
  })

  test.each([[null], [undefined], ['rules'], [7]])('that are %s are none', (rules) => {
    // The point of the test: a caller that the compiler has never seen.
    expect(problemOfRouteRules(rules as unknown as RouteRules)).toContain('route rules are an object')
  })
})
