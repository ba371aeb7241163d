import { expect, test } from 'vitest'
import { openRefundCase } from '../tools/open-refund-case.ts'
import { openWorld } from '../world/open-world.ts'
import { isOneCase } from './kill.ts'

const accountId = 'acct_1001'
const refund = { accountId, chargeId: 'ch_5005', amountUsd: 49, reason: 'Charged twice' }

test('one case whose refund was begun once is one case', async () => {
  const world = openWorld(':memory:')
  expect(isOneCase(world, accountId, ['s/c3'])).toBe(false)
  await openRefundCase(world, refund, { idempotencyKey: 's/c3' })
  expect(isOneCase(world, accountId, ['s/c3'])).toBe(true)
})

test('a refund that was begun twice is seen, though its case is unique by its key', async () => {
  const world = openWorld(':memory:')
  await openRefundCase(world, refund, { idempotencyKey: 's/c3' })
  await openRefundCase(world, refund, { idempotencyKey: 's/c3' })
  expect(isOneCase(world, accountId, ['s/c3'])).toBe(false)
})

test('a refund that the log does not speak of is seen', async () => {
  const world = openWorld(':memory:')
  await openRefundCase(world, refund, { idempotencyKey: 's/c3' })
  await openRefundCase(world, refund, { idempotencyKey: 's/c9' }).catch(() => undefined)
  expect(isOneCase(world, accountId, ['s/c3'])).toBe(false)
})

test('a second case is seen', async () => {
  const world = openWorld(':memory:')
  await openRefundCase(world, refund, { idempotencyKey: 's/c3' })
  await openRefundCase(world, { ...refund, chargeId: 'ch_5004' }, { idempotencyKey: 's/c4' })
  expect(isOneCase(world, accountId, ['s/c3', 's/c4'])).toBe(false)
})
