import { afterAll, describe, expect, test } from 'vitest'
import { openWorld } from '../world/open-world.ts'
import { matchExpression, searchDocs } from './search-docs.ts'

const world = openWorld(':memory:')
afterAll(() => world.close())

const pagesFor = (query: string, limit?: number): readonly string[] =>
  searchDocs(world, { query, limit }).matches.map((match) => match.page)

describe('the page that answers is found', () => {
  test.each([
    ['I was charged twice and your docs didn’t help', 'duplicate-charges'],
    ['duplicate charge on my card', 'duplicate-charges'],
    ['a pending amount next to my real charge, authorization hold', 'authorization-holds'],
    ['how long until refund arrives timing', 'refund-timing'],
    ['why does a person review my refund', 'refund-review'],
    ['VAT reverse charge', 'taxes'],
    ['SSO locked out of the billing pages', 'sso-billing-access'],
    ['late fee on my bank transfer', 'late-fees'],
    ['open a chargeback with my bank', 'disputes'],
    ['cancel my subscription', 'cancel-subscription'],
    ['trial ended', 'free-trial'],
    ['price of a year in advance', 'annual-plans'],
    ['get a receipt', 'receipts'],
    ['who can see invoices', 'billing-roles'],
  ])('%s', (query, page) => {
    expect(pagesFor(query)).toContain(page)
  })

  test.each([
    ['I was charged twice and your docs didn’t help', 'duplicate-charges'],
    ['Account acct_1002 was charged twice for INV-20629', 'duplicate-charges'],
    ['double charge', 'duplicate-charges'],
    ['how long does a refund take', 'refund-timing'],
    ['is there a fee if I pay late', 'late-fees'],
    ['can a refund be split', 'refund-policy'],
    ['pre-authorisation', 'authorization-holds'],
    ['authorization hold', 'authorization-holds'],
    ['proration', 'proration'],
    ['refund policy', 'refund-policy'],
    ['failed card payment declined', 'failed-payments'],
  ])('and is the first: %s', (query, page) => {
    expect(pagesFor(query)[0]).toBe(page)
  })
})

test('matches are the best three, from better to worse, unless another limit is given', () => {
  const { matches } = searchDocs(world, { query: 'refund charge' })
  const scores = matches.map((match) => match.score)
  expect(matches).toHaveLength(3)
  expect(scores).toEqual(scores.toSorted((left, right) => right - left))
  expect(scores.every((score) => score > 0)).toBe(true)
  expect(pagesFor('refund charge', 5)).toHaveLength(5)
  expect(pagesFor('refund charge', 5).slice(0, 3)).toEqual(pagesFor('refund charge'))
})

test('a limit outside of 1 to 10 is brought inside', () => {
  expect(pagesFor('charge', 1_000)).toHaveLength(10)
  expect(pagesFor('charge', 0)).toHaveLength(1)
  expect(pagesFor('charge', -4)).toHaveLength(1)
  expect(pagesFor('charge', 2.9)).toHaveLength(2)
})

test('a match shows the title and the passage that fits', () => {
  const [match] = searchDocs(world, { query: 'group in the sign-in claim' }).matches
  expect(match?.title).toBe('Single sign-on and access to billing')
  expect(match?.snippet).toContain('Send a group named fernpost-billing in the sign-in claim.')
  expect(match?.snippet).not.toMatch(/[#`|\n]/)
})

test('word forms find each other', () => {
  expect(pagesFor('prorated')).toContain('proration')
  expect(pagesFor('disputing')[0]).toBe('disputes')
})

test('nothing in the query acts as an operator', () => {
  for (const query of ['"', 'refund AND', 'NEAR(refund', 'title:refund', '-refund*', "'); DROP TABLE passages; --"]) {
    expect(() => searchDocs(world, { query }), query).not.toThrow()
  }
  expect(matchExpression('title:refund* OR NOT "x"')).toBe('"title" OR "refund" OR "x"')
})

test('a number of an account or an invoice is one word', () => {
  expect(matchExpression('acct_1002, INV-20611: don’t worry')).toBe('"acct_1002" OR "inv-20611" OR "worry"')
})

test('a query without a telling word finds nothing', () => {
  for (const query of ['', '  ', '?!', 'how do I', 'zzyzx']) {
    expect(searchDocs(world, { query }), query).toEqual({ matches: [] })
  }
})

test('a very long query is cut to its first words', () => {
  const words = Array.from({ length: 1_000 }, (_, index) => `word${index}`)
  expect(matchExpression(words.join(' ')).split(' OR ')).toHaveLength(24)
})
