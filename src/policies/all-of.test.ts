import { describe, expect, test } from 'vitest'
import type { Verdict } from '../core/index.ts'
import { allOf, allowTools, open, policy, requireApproval } from './index.ts'
import { requestFor } from './request.fixture.ts'

const asks = requireApproval({ tools: ['pay'], reason: 'review', quorum: 2 })
const asksLonger = requireApproval({ tools: ['pay'], reason: 'audit', expiresAfterMs: 9_000 })
const said = (verdict: unknown, tools: readonly string[] = ['pay']) =>
  policy({ name: 'said', version: '1', tools, check: () => verdict as Verdict })
const saidLater = (verdict: unknown) =>
  policy({ name: 'said-later', version: '1', tools: '*', check: async () => verdict as Verdict })

describe('allOf', () => {
  test('the strictest verdict of the policies that speak of the tool counts', () => {
    const all = allOf(open('pay'), asks, said({ type: 'deny', reason: 'no' }, ['other']))
    expect(all.check(requestFor('pay', {}))).toEqual({
      type: 'require_approval',
      reason: 'review',
      quorum: 2,
    })
    expect(all.check(requestFor('other', {}))).toEqual({ type: 'deny', reason: 'no' })
    expect(all.tools).toEqual(['other', 'pay'])
  })

  test('an expiry that one leaves to the session counts as the session’s', () => {
    expect(allOf(asks, asksLonger).check(requestFor('pay', {}))).toEqual({
      type: 'require_approval',
      reason: 'review, audit',
      quorum: 2,
      notRequester: false,
      expiresAfterMs: 1_000,
    })
  })

  test('it speaks of every tool where one of its policies does, and shows its parts', () => {
    const all = allOf(allowTools(['pay']), asks)
    expect(all.tools).toBe('*')
    expect(all.policies.map(({ name }) => name)).toEqual(['allowTools(*)', 'requireApproval(pay)'])
    expect(all.name).toBe('allOf(allowTools(*), requireApproval(pay))')
  })

  test('it answers at once where all do, and later where one does', async () => {
    const later = allOf(asks, saidLater({ type: 'deny', reason: 'late' })).check(requestFor('pay', {}))
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toEqual({ type: 'deny', reason: 'late' })
  })

  test('one that throws, rejects or answers no verdict makes it throw, and leaves no rejection unheard', async () => {
    const refuse = (): never => {
      throw new Error('no database')
    }
    const throws = policy({ name: 'throws', version: '1', tools: '*', check: refuse })
    const rejects = policy({ name: 'rejects', version: '1', tools: '*', check: async () => refuse() })
    expect(() => allOf(rejects, throws).check(requestFor('pay', {}))).toThrow('no database')
    expect(() => allOf(saidLater({ type: 'allow' }), said('yes')).check(requestFor('pay', {}))).toThrow(
      'said answered something',
    )
    await expect(allOf(rejects, asks, rejects).check(requestFor('pay', {}))).rejects.toThrow('no database')
    await expect(allOf(saidLater(undefined)).check(requestFor('pay', {}))).rejects.toThrow(
      'said-later answered something',
    )
  })

  test('its version changes with that of any part', () => {
    expect(allOf(asks, asksLonger).version).not.toBe(allOf(asks).version)
    expect(allOf(asks).version).not.toBe(
      allOf(requireApproval({ tools: ['pay'], reason: 'review', quorum: 3 })).version,
    )
  })

  test('without a policy it does not compile', () => {
    // @ts-expect-error at least one policy
    const none = (): unknown => allOf()
    expect(none).toBeTypeOf('function')
  })
})
