import { expect, test } from 'vitest'
import { idempotencyKeyOf } from './idempotency-key.ts'

test('calls of two tenants that chose one session id have different keys', () => {
  const keys = ['default', 'acme', 'globex'].map((tenant) => idempotencyKeyOf({ tenant, sessionId: 's1' }, 'c1'))
  expect(keys).toEqual(['s1/c1', 'acme/s1/c1', 'globex/s1/c1'])
})

test('no choice of names makes one key of two calls', () => {
  expect(idempotencyKeyOf({ tenant: 'a', sessionId: 'b/c' }, 'c1')).not.toBe(
    idempotencyKeyOf({ tenant: 'a/b', sessionId: 'c' }, 'c1'),
  )
  expect(idempotencyKeyOf({ tenant: 'default', sessionId: 'a/s1' }, 'c1')).not.toBe(
    idempotencyKeyOf({ tenant: 'a', sessionId: 's1' }, 'c1'),
  )
})
