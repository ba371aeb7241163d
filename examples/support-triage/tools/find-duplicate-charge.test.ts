import { expect, test } from 'vitest'
import { type Charge, findDuplicateCharge } from './find-duplicate-charge.ts'

const charge = (chargeId: string, changes: Partial<Charge> = {}): Charge => ({
  chargeId,
  invoiceId: 'INV-1',
  description: 'Team',
  amountCents: 4_900,
  amountUsd: 49,
  status: 'settled',
  chargedAt: '2026-11-03T09:04:00.000Z',
  refundCaseId: null,
  ...changes,
})

test('two settled charges of one amount for one invoice are a duplicate, the later one refundable', () => {
  expect(findDuplicateCharge([charge('a'), charge('b')])).toEqual({
    invoiceId: 'INV-1',
    chargeIds: ['a', 'b'],
    refundableChargeId: 'b',
    amountCents: 4_900,
    amountUsd: 49,
  })
})

test.each([
  ['another invoice', { invoiceId: 'INV-2' }],
  ['another amount', { amountCents: 4_901 }],
  ['a hold', { status: 'authorized' }],
  ['a failed payment', { status: 'failed' }],
  ['a refunded charge', { status: 'refunded' }],
  ['a charge with a refund case', { refundCaseId: 'RC-1' }],
] as const)('%s is no duplicate', (_title, changes) => {
  expect(findDuplicateCharge([charge('a'), charge('b', changes)])).toBeNull()
  expect(findDuplicateCharge([charge('a', changes), charge('b')])).toBeNull()
})

test('of three charges the last is refundable, and the second after it', () => {
  const [first, second, third] = [charge('a'), charge('b'), charge('c')]
  expect(findDuplicateCharge([first, second, third])?.chargeIds).toEqual(['a', 'c'])
  const handled = { ...third, refundCaseId: 'RC-1' }
  expect(findDuplicateCharge([first, second, handled])?.chargeIds).toEqual(['a', 'b'])
})

test('of two duplicates the newer is found', () => {
  const older = [charge('a'), charge('b')]
  const newer = [charge('c', { invoiceId: 'INV-2' }), charge('d', { invoiceId: 'INV-2' })]
  expect(findDuplicateCharge([...older, ...newer])?.refundableChargeId).toBe('d')
})

test('no charges, no duplicate', () => {
  expect(findDuplicateCharge([])).toBeNull()
})
