import { afterAll, expect, test } from 'vitest'
import { openWorld } from '../world/open-world.ts'
import { isAccountVerified, type LookupBillingAccountInput, lookupBillingAccount } from './lookup-billing-account.ts'

const world = openWorld(':memory:')
afterAll(() => world.close())

function found(input: LookupBillingAccountInput) {
  const output = lookupBillingAccount(world, input)
  if (output.type !== 'account_found') throw new Error(output.message)
  return output
}

test('an account is found by number, by email in any case, or by both', () => {
  const account = {
    accountId: 'acct_1001',
    email: 'billing@mapleandrye.example',
    company: 'Maple & Rye Bakery',
    plan: 'team',
    seats: 5,
    verified: true,
  }
  expect(found({ accountId: 'acct_1001' }).account).toEqual(account)
  expect(found({ email: ' Billing@MapleAndRye.example ' }).account).toEqual(account)
  expect(found({ accountId: 'acct_1001', email: account.email }).account).toEqual(account)
})

test('number and email of different accounts find none', () => {
  const mixed = { accountId: 'acct_1001', email: 'juno@junopark.example' }
  expect(lookupBillingAccount(world, mixed).type).toBe('account_not_found')
})

test('an unknown account, or no reference at all, is told apart from an account', () => {
  expect(lookupBillingAccount(world, { accountId: 'acct_9' })).toEqual({
    type: 'account_not_found',
    message: 'No account fits acct_9. Ask the customer for the account number or billing email.',
  })
  expect(lookupBillingAccount(world, {})).toEqual({
    type: 'account_not_found',
    message: 'Give an account number or a billing email.',
  })
})

test('charges reach back 90 days, oldest first', () => {
  const { charges } = found({ accountId: 'acct_1001' })
  expect(charges.map((charge) => charge.chargeId)).toEqual(['ch_5002', 'ch_5003', 'ch_5004', 'ch_5005'])
  expect(charges[0]).toEqual({
    chargeId: 'ch_5002',
    invoiceId: 'INV-20461',
    description: 'Team, September 2026',
    amountCents: 4_900,
    amountUsd: 49,
    status: 'settled',
    chargedAt: '2026-09-03T09:04:00.000Z',
    refundCaseId: null,
  })
})

test('the edge of the 90 days is inside, a millisecond before it is not, and the future is unknown', () => {
  const charged = Date.parse('2026-11-03T09:11:00Z')
  const chargesAt = (nowMs: number): number => {
    const moved = openWorld(':memory:', { now: () => nowMs })
    const output = lookupBillingAccount(moved, { accountId: 'acct_1001' })
    moved.close()
    return output.type === 'account_found' ? output.charges.length : -1
  }
  const ninetyDaysMs = 7_776_000_000
  expect(chargesAt(charged + ninetyDaysMs)).toBe(1)
  expect(chargesAt(charged + ninetyDaysMs + 1)).toBe(0)
  expect(chargesAt(charged - 1)).toBe(3)
})

test.each([
  ['acct_1001', true, { invoiceId: 'INV-20611', chargeIds: ['ch_5004', 'ch_5005'], amountUsd: 49 }],
  ['acct_1002', true, { invoiceId: 'INV-20629', chargeIds: ['ch_5102', 'ch_5103'], amountUsd: 480 }],
  ['acct_1003', false, { invoiceId: 'INV-20640', chargeIds: ['ch_5201', 'ch_5202'], amountUsd: 12 }],
] as const)('%s was charged twice', (accountId, verified, duplicate) => {
  const output = found({ accountId })
  expect(output.account.verified).toBe(verified)
  expect(output.duplicateCharge).toMatchObject(duplicate)
  expect(output.duplicateCharge?.refundableChargeId).toBe(duplicate.chargeIds[1])
  expect(output.duplicateCharge?.amountCents).toBe(duplicate.amountUsd * 100)
})

test.each([
  ['acct_1004', 'a hold beside a settled charge'],
  ['acct_1005', 'two seats on two invoices'],
  ['acct_1006', 'a refunded duplicate, and a failed payment tried again'],
])('%s was not charged twice: %s', (accountId) => {
  expect(found({ accountId }).duplicateCharge).toBeNull()
})

test('a charge names the refund case about it', () => {
  const { charges } = found({ accountId: 'acct_1006' })
  const cases = charges.map((charge) => [charge.chargeId, charge.refundCaseId])
  expect(cases).toContainEqual(['ch_5502', 'RC-1001'])
  expect(cases).toContainEqual(['ch_5501', null])
})

test('an unknown account is not verified', () => {
  expect(isAccountVerified(world, 'acct_1001')).toBe(true)
  expect(isAccountVerified(world, 'acct_1003')).toBe(false)
  expect(isAccountVerified(world, 'acct_9')).toBe(false)
})
