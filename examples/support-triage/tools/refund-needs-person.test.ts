import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { openWorld } from '../world/open-world.ts'
import { refundNeedsPerson } from './refund-needs-person.ts'

const world = openWorld(':memory:')
afterAll(() => world.close())

test.each([
  ['acct_1001', 49, false],
  ['acct_1001', 250, false],
  ['acct_1001', 250.01, true],
  ['acct_1002', 480, true],
  ['acct_1003', 12, true],
  ['acct_9', 1, true],
  ['acct_1001', Number.NaN, true],
  ['acct_1001', Number.POSITIVE_INFINITY, true],
])('a refund to %s of %d USD needs a person: %s', (accountId, amountUsd, needsPerson) => {
  expect(refundNeedsPerson(world, { accountId, amountUsd })).toBe(needsPerson)
})

test.each([
  'refund-policy',
  'refund-review',
  'duplicate-charges',
  'account-verification',
])('the page %s tells customers the same limit', (page) => {
  const markdown = readFileSync(new URL(`../docs/${page}.md`, import.meta.url), 'utf8')
  expect(markdown.replace(/\s+/g, ' ')).toMatch(/[Aa]bove 250 USD/)
  expect(markdown.replace(/\s+/g, ' ')).toMatch(/not verified|unverified|until the account is verified/i)
})
