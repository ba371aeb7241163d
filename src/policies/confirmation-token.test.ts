import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../core/index.ts'
import { type Confirmed, confirmationToken, InvalidPolicyError, issueConfirmationToken } from './index.ts'
import { requestFor } from './request.fixture.ts'

const key = 'k'.repeat(32)
const confirmed: Confirmed = {
  tenant: 'acme',
  sessionId: 's1',
  tool: 'pay',
  input: { to: 'ann', amount: 10 },
}
const needsToken = confirmationToken({ tools: ['pay'], key })

function judge(input: JsonObject): unknown {
  return needsToken.check(requestFor('pay', input))
}

describe('confirmation tokens', () => {
  test('a call with the token that was issued for it is allowed, whatever the order of its fields', () => {
    const token = issueConfirmationToken(key, confirmed)
    expect(judge({ ...confirmed.input, confirmationToken: token })).toEqual({ type: 'allow' })
    expect(judge({ confirmationToken: token, amount: 10, to: 'ann' })).toEqual({ type: 'allow' })
  })

  test('without a token a call is denied, and the model is told what is missing', () => {
    const denied = { type: 'deny', reason: 'confirmation_required' }
    expect(judge({ ...confirmed.input })).toMatchObject(denied)
    expect(judge({ ...confirmed.input, confirmationToken: '' })).toMatchObject(denied)
    expect(judge({ ...confirmed.input, confirmationToken: 7 })).toMatchObject(denied)
    expect(needsToken.check(requestFor('pay', ['token']))).toMatchObject(denied)
    expect(needsToken.check(requestFor('pay', null))).toMatchObject(denied)
  })

  test.each<[string, Partial<Confirmed>]>([
    ['another tenant', { tenant: 'bolt' }],
    ['another session', { sessionId: 's2' }],
    ['another tool', { tool: 'refund' }],
    ['another input', { input: { to: 'ann', amount: 11 } }],
    ['more fields', { input: { to: 'ann', amount: 10, note: '' } }],
  ])('a token for %s is denied', (_what, change) => {
    const token = issueConfirmationToken(key, { ...confirmed, ...change })
    expect(judge({ ...confirmed.input, confirmationToken: token })).toMatchObject({
      type: 'deny',
      reason: 'confirmation_invalid',
    })
  })

  test('no other text is taken for the token', () => {
    const token = issueConfirmationToken(key, confirmed)
    const other = fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.nat(token.length - 1).map((at) => `${token.slice(0, at)}!${token.slice(at + 1)}`),
    )
    fc.assert(
      fc.property(other, (text) => {
        const verdict = judge({ ...confirmed.input, confirmationToken: text })
        expect(verdict).toMatchObject({ reason: 'confirmation_invalid' })
      }),
    )
  })

  test('a token under another key is denied, and another key is another version', () => {
    const otherKey = new Uint8Array(32)
    const token = issueConfirmationToken(otherKey, confirmed)
    expect(judge({ ...confirmed.input, confirmationToken: token })).toMatchObject({
      reason: 'confirmation_invalid',
    })
    expect(confirmationToken({ tools: ['pay'], key: otherKey }).version).not.toBe(needsToken.version)
    expect(needsToken.version).not.toContain(key)
  })

  test('the field has the name that is given', () => {
    const named = confirmationToken({ tools: ['pay'], key, field: 'consent' })
    const token = issueConfirmationToken(key, { ...confirmed, field: 'consent' })
    expect(named.check(requestFor('pay', { ...confirmed.input, consent: token }))).toEqual({ type: 'allow' })
    expect(named.check(requestFor('pay', { ...confirmed.input, confirmationToken: token }))).toMatchObject({
      type: 'deny',
    })
  })

  test('an application may check tokens itself, at once or later, and only true is yes', async () => {
    const atOnce = confirmationToken({
      tools: ['pay'],
      verify: (token, request) => token === request.sessionId,
    })
    const later = confirmationToken({ tools: ['pay'], verify: async (token) => token === 'yes' })
    // @ts-expect-error an answer is true or false
    const careless = confirmationToken({ tools: ['pay'], verify: () => 'yes' })
    const withToken = (token: string) => requestFor('pay', { confirmationToken: token })
    expect(atOnce.check(withToken('s1'))).toEqual({ type: 'allow' })
    expect(await later.check(withToken('yes'))).toEqual({ type: 'allow' })
    expect(await later.check(withToken('no'))).toMatchObject({ reason: 'confirmation_invalid' })
    expect(careless.check(withToken('yes'))).toMatchObject({ reason: 'confirmation_invalid' })
  })

  test('a short key is refused where the policy is made', () => {
    expect(() => confirmationToken({ tools: ['pay'], key: 'secret' })).toThrow(InvalidPolicyError)
    expect(() => issueConfirmationToken('secret', confirmed)).toThrow('at least 32 bytes, found 6')
  })

  test('a policy with both ways to check, or none, does not compile', () => {
    const wrong = (): unknown[] => [
      // @ts-expect-error one of key and verify
      confirmationToken({ tools: ['pay'] }),
      // @ts-expect-error not both
      confirmationToken({ tools: ['pay'], key, verify: () => true }),
    ]
    expect(wrong).toBeTypeOf('function')
  })
})
