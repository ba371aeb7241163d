import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Outcome } from '../core/index.ts'
import type { Policy, Tool } from '../ports/index.ts'
import { allowTools, denyTools, open, policy, requireApproval, retryBudget, tenantScope, threshold } from './index.ts'
import { requestFor, stateWith } from './request.fixture.ts'

type Refund = { readonly accountId: string; readonly amountUsd: number }
const openRefundCase: Tool<Refund, string> = {
  name: 'open_refund_case',
  description: 'opens a refund case',
  effect: 'unsafe',
  input: z.object({ accountId: z.string(), amountUsd: z.number() }),
  run: () => 'case 1',
}
const refundOf = (amountUsd: unknown) =>
  requestFor('open_refund_case', { accountId: 'a1', amountUsd: amountUsd as number })

describe('lists of tools', () => {
  test('allowTools denies every other tool, by name', () => {
    const allowed = allowTools(['search_docs', openRefundCase])
    expect(allowed.check(requestFor('search_docs', {}))).toEqual({ type: 'allow' })
    expect(allowed.check(refundOf(1))).toEqual({ type: 'allow' })
    expect(allowed.check(requestFor('toString', {}))).toMatchObject({
      type: 'deny',
      reason: 'tool_not_allowed',
    })
    expect(allowed.tools).toBe('*')
    expect(allowTools([]).check(requestFor('search_docs', {}))).toMatchObject({ type: 'deny' })
  })

  test('tools that come with the runtime need not be listed, and can be switched off', () => {
    for (const name of ['read_artifact', 'search_artifact', 'search_tools']) {
      expect(allowTools(['search_docs']).check(requestFor(name, {}))).toEqual({ type: 'allow' })
      expect(allowTools([]).check(requestFor(name, {}))).toMatchObject({ type: 'deny' })
      expect(denyTools([name]).check(requestFor(name, {}))).toMatchObject({ type: 'deny', reason: 'tool_denied' })
    }
  })

  test('denyTools denies the tools that it names, and open lets those that it names through', () => {
    expect(denyTools(['drop_table']).check(requestFor('drop_table', {}))).toMatchObject({
      type: 'deny',
      reason: 'tool_denied',
    })
    expect(denyTools(['drop_table']).tools).toEqual(['drop_table'])
    expect(open('note', openRefundCase)).toMatchObject({
      name: 'open(note, open_refund_case)',
      tools: ['note', 'open_refund_case'],
    })
    expect(open('note').check(requestFor('note', {}))).toEqual({ type: 'allow' })
  })
})

describe('threshold', () => {
  const over250 = threshold({
    tool: openRefundCase,
    amount: (input) => input.amountUsd,
    max: 250,
    reason: 'refund_threshold_exceeded',
    quorum: 2,
    ask: 'a billing lead',
    unless: (input, request) => input.accountId === 'vip' && request.tenant === 'acme',
  })

  test('lets exactly the maximum through, and asks people above it, in its terms', () => {
    expect(over250.check(refundOf(250))).toEqual({ type: 'allow' })
    expect(over250.check(refundOf(250.01))).toEqual({
      type: 'require_approval',
      reason: 'refund_threshold_exceeded',
      message: '250.01 is over 250',
      quorum: 2,
      ask: 'a billing lead',
    })
  })

  test.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['300'],
    [null],
    [undefined],
  ])('denies an amount of %s', (amount) => {
    expect(over250.check(refundOf(amount))).toMatchObject({ type: 'deny', reason: 'amount_unknown' })
  })

  test('lets through what `unless` answers true for, and nothing else', () => {
    expect(over250.check(requestFor('open_refund_case', { accountId: 'vip', amountUsd: 900 }))).toEqual({
      type: 'allow',
    })
    // @ts-expect-error a promise is not an answer: it would be taken for yes by careless code
    const later = threshold({ tool: 'pay', amount: () => 2, max: 1, unless: async () => true })
    expect(later.check(requestFor('pay', {}))).toMatchObject({
      type: 'require_approval',
      reason: 'threshold_exceeded',
    })
  })
})

describe('tenantScope', () => {
  const owners: Readonly<Record<string, string>> = { a1: 'acme', b1: 'bolt' }
  const scoped = tenantScope({
    tools: [openRefundCase],
    tenantOf: (input) => owners[input.accountId] ?? null,
  })
  const later = tenantScope({
    tools: ['pay'],
    tenantOf: async (input: Refund) => owners[input.accountId] ?? null,
  })

  test('allows the own tenant, and denies another and none in the same words', async () => {
    const judged = (accountId: string): unknown =>
      scoped.check(requestFor('open_refund_case', { accountId, amountUsd: 1 }))
    expect(judged('a1')).toEqual({ type: 'allow' })
    expect(judged('b1')).toMatchObject({ type: 'deny', reason: 'other_tenant' })
    expect(judged('missing')).toEqual(judged('b1'))
    expect(await later.check(requestFor('pay', { accountId: 'b1' }))).toEqual(judged('b1'))
    expect(await later.check(requestFor('pay', { accountId: 'a1' }))).toEqual({ type: 'allow' })
  })
})

describe('retryBudget', () => {
  const failed: Outcome = { type: 'retryable_error', message: 'down' }
  const ended: readonly Outcome[] = [
    failed,
    { type: 'ok', output: null },
    { type: 'cancelled' },
    { type: 'blocked', reason: 'r', message: 'm' },
    { type: 'unknown', message: 'lost' },
  ]
  const judged = (max: number, tool = 'pay'): unknown => {
    const state = stateWith([
      ...ended.map((outcome) => ({ tool: 'pay', outcome })),
      { tool: 'pay', outcome: null },
      { tool: 'other', outcome: failed },
    ])
    return retryBudget({ tools: '*', max }).check(requestFor(tool, {}, { state }))
  }

  test('counts the failed and unknown calls of the tool alone, and denies from the maximum on', () => {
    expect(judged(3)).toEqual({ type: 'allow' })
    expect(judged(2)).toMatchObject({ type: 'deny', reason: 'retry_budget_exhausted' })
    expect(judged(2, 'other')).toEqual({ type: 'allow' })
  })
})

describe('requireApproval and policies of one’s own', () => {
  test('requireApproval asks about every call, in its terms', () => {
    const held = requireApproval({
      tools: '*',
      reason: 'review',
      message: 'look at it',
      notRequester: true,
      expiresAfterMs: 60_000,
    })
    const asked = {
      type: 'require_approval',
      reason: 'review',
      message: 'look at it',
      notRequester: true,
      expiresAfterMs: 60_000,
    }
    expect(held.check(refundOf(1))).toEqual(asked)
  })

  test('a policy of one’s own keeps its name, version and check', () => {
    const nightly = policy({
      name: 'office-hours',
      version: '3',
      tools: ['pay', 'pay'],
      check: () => ({ type: 'deny', reason: 'closed' }),
    })
    expect(nightly).toMatchObject({ name: 'office-hours', version: '3', tools: ['pay'] })
    expect(nightly.check(requestFor('pay', {}))).toEqual({ type: 'deny', reason: 'closed' })
  })
})

describe('versions', () => {
  test('every change of a parameter changes the version, and the order of tools does not', () => {
    const amount = (input: Refund): number => input.amountUsd
    const made: readonly Policy[] = [
      threshold({ tool: 'pay', amount, max: 250 }),
      threshold({ tool: 'pay', amount, max: 251 }),
      threshold({ tool: 'pay', amount, max: 250, quorum: 2 }),
      threshold({ tool: 'pay', amount, max: 250, reason: 'other' }),
      threshold({ tool: 'pay', amount, max: 250, notRequester: true }),
      threshold({ tool: 'pay', amount, max: 250, expiresAfterMs: 5 }),
      threshold({ tool: 'pay', amount, max: 250, ask: 'security' }),
      threshold({ tool: 'pay', amount, max: 250, version: '2' }),
      threshold({ tool: 'pay', amount, max: 250, unless: () => false }),
      threshold({ tool: 'refund', amount, max: 250 }),
    ]
    expect(new Set(made.map(({ version }) => version)).size).toBe(made.length)
    expect(allowTools(['a', 'b']).version).toBe(allowTools(['b', 'a', 'b']).version)
    expect(allowTools(['a']).version).not.toBe(allowTools(['a', 'b']).version)
    expect(retryBudget({ tools: '*', max: 1 }).version).not.toBe(retryBudget({ tools: '*', max: 2 }).version)
    expect(requireApproval({ tools: '*', reason: 'a' }).version).not.toBe(
      requireApproval({ tools: '*', reason: 'b' }).version,
    )
  })
})
