import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type World } from '../world/open-world.ts'
import { countRefundAttempts, findRefundCase, refundCasesOf } from '../world/refund-cases.ts'
import { lookupBillingAccount } from './lookup-billing-account.ts'
import { openRefundCase } from './open-refund-case.ts'

const reason = 'Charged twice for INV-20611'
const refund = { accountId: 'acct_1001', chargeId: 'ch_5005', amountUsd: 49, reason }
const key = 'session-1/c3'

let world: World

beforeEach(() => {
  world = openWorld(':memory:')
})

afterEach(() => world.close())

test('a refund opens a case with the next number', async () => {
  const opened = await openRefundCase(world, refund, { idempotencyKey: key })
  expect(opened).toEqual({
    caseId: 'RC-1002',
    accountId: 'acct_1001',
    chargeId: 'ch_5005',
    amountCents: 4_900,
    amountUsd: 49,
    reason,
    status: 'open',
    openedAt: '2026-11-17T12:00:00.000Z',
  })
  expect(findRefundCase(world, key)).toEqual(opened)
  expect(refundCasesOf(world, 'acct_1001')).toEqual([opened])
})

test('a second call with the same key answers with the first case and writes none', async () => {
  const first = await openRefundCase(world, refund, { idempotencyKey: key })
  const second = await openRefundCase(world, { ...refund, reason: 'said otherwise' }, { idempotencyKey: key })
  expect(second).toEqual(first)
  expect(refundCasesOf(world, 'acct_1001')).toHaveLength(1)
  expect(countRefundAttempts(world, key)).toBe(2)
})

test('two calls at once with the same key open one case', async () => {
  const call = { idempotencyKey: key }
  const [left, right] = await Promise.all([openRefundCase(world, refund, call), openRefundCase(world, refund, call)])
  expect(left).toEqual(right)
  expect(refundCasesOf(world, 'acct_1001')).toHaveLength(1)
})

test('after the case the charge is no duplicate any more', async () => {
  const opened = await openRefundCase(world, refund, { idempotencyKey: key })
  const output = lookupBillingAccount(world, { accountId: 'acct_1001' })
  expect(output).toMatchObject({ type: 'account_found', duplicateCharge: null })
  expect(output).toHaveProperty('charges.3.refundCaseId', opened.caseId)
})

test('a key nobody used has no case and no attempts', () => {
  expect(findRefundCase(world, 'other')).toBeNull()
  expect(countRefundAttempts(world, 'other')).toBe(0)
})

test.each([
  ['invalid_amount', { amountUsd: 0 }],
  ['invalid_amount', { amountUsd: -49 }],
  ['invalid_amount', { amountUsd: 48.999 }],
  ['amount_exceeds_charge', { amountUsd: 49.01 }],
  ['unknown_charge', { chargeId: 'ch_9' }],
  ['unknown_charge', { accountId: 'acct_1002' }],
  ['charge_not_settled', { accountId: 'acct_1004', chargeId: 'ch_5302' }],
  ['charge_not_settled', { accountId: 'acct_1006', chargeId: 'ch_5503' }],
  ['charge_has_case', { accountId: 'acct_1006', chargeId: 'ch_5502' }],
])('%s: %o is refused and writes no case', async (code, changes) => {
  const refused = openRefundCase(world, { ...refund, ...changes }, { idempotencyKey: key })
  await expect(refused).rejects.toMatchObject({ name: 'RefundRefused', code, tookEffect: false })
  expect(findRefundCase(world, key)).toBeNull()
})

test('a refund cannot be split over two keys', async () => {
  await openRefundCase(world, { ...refund, amountUsd: 24.5 }, { idempotencyKey: key })
  const rest = openRefundCase(world, { ...refund, amountUsd: 24.5 }, { idempotencyKey: 'session-1/c4' })
  await expect(rest).rejects.toMatchObject({ code: 'charge_has_case' })
  expect(refundCasesOf(world, 'acct_1001')).toHaveLength(1)
})

test('a key that opened a case cannot name another refund', async () => {
  await openRefundCase(world, refund, { idempotencyKey: key })
  const other = openRefundCase(world, { ...refund, chargeId: 'ch_5004' }, { idempotencyKey: key })
  await expect(other).rejects.toMatchObject({ code: 'key_reused' })
})

test('an aborted call does not begin', async () => {
  const call = { idempotencyKey: key, signal: AbortSignal.abort(new Error('cancelled')) }
  await expect(openRefundCase(world, refund, call)).rejects.toThrow('cancelled')
  expect(countRefundAttempts(world, key)).toBe(0)
})

test('a call that is aborted before the write opens no case', async () => {
  const paused: World = { ...world, refundPause: { beforeWriteMs: 3_600_000, afterWriteMs: 0 } }
  const cancel = new AbortController()
  const begun = openRefundCase(paused, refund, { idempotencyKey: key, signal: cancel.signal })
  cancel.abort()
  await expect(begun).rejects.toMatchObject({ name: 'AbortError' })
  expect(countRefundAttempts(world, key)).toBe(1)
  expect(findRefundCase(world, key)).toBeNull()
})

test('a call that is aborted after the write answers with the case that is there', async () => {
  const cancel = new AbortController()
  // The clock is read a second time while the case is written: the abort arrives in that very moment.
  let readings = 0
  const now = (): number => {
    readings += 1
    if (readings === 2) cancel.abort()
    return world.now()
  }
  const paused: World = { ...world, now, refundPause: { beforeWriteMs: 0, afterWriteMs: 3_600_000 } }
  const opened = await openRefundCase(paused, refund, { idempotencyKey: key, signal: cancel.signal })
  expect(opened).toEqual(findRefundCase(world, key))
  expect(opened.caseId).toBe('RC-1002')
})
