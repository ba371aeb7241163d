import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../core/index.ts'
import { combine } from './combine.ts'
import { isVerdict } from './verdict.ts'

const asks = fc.record(
  {
    type: fc.constant('require_approval' as const),
    reason: fc.constantFrom('threshold_exceeded', 'unverified', 'repeats c7'),
    message: fc.constantFrom('300 is over 250', 'nobody knows the account'),
    quorum: fc.integer({ min: 1, max: 4 }),
    notRequester: fc.boolean(),
    expiresAfterMs: fc.integer({ min: 1, max: 5_000 }),
    ask: fc.constantFrom('a billing lead', 'security'),
  },
  { requiredKeys: ['type', 'reason'] },
)
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constant({ type: 'allow' } as const),
  fc.record({ type: fc.constant('deny' as const), reason: fc.constantFrom('other_tenant', 'tool_denied') }),
  asks,
)

describe('combining verdicts', () => {
  test('deny beats require_approval beats allow, in any order', () => {
    fc.assert(
      fc.property(fc.array(verdict), (verdicts) => {
        const types = new Set(verdicts.map(({ type }) => type))
        const strictest = types.has('deny') ? 'deny' : types.has('require_approval') ? 'require_approval' : 'allow'
        expect(combine(verdicts).type).toBe(strictest)
      }),
    )
  })

  test('an approval that satisfies the combination satisfies each that was asked for', () => {
    fc.assert(
      fc.property(fc.array(asks, { minLength: 1 }), fc.integer({ min: 1, max: 5_000 }), (asked, approvalExpiryMs) => {
        const combined = combine(asked, { approvalExpiryMs })
        if (combined.type !== 'require_approval') throw new Error('an approval was asked for')
        expect(isVerdict(combined)).toBe(true)
        for (const each of asked) {
          expect(combined.quorum ?? 1).toBeGreaterThanOrEqual(each.quorum ?? 1)
          expect(combined.notRequester === true || each.notRequester !== true).toBe(true)
          expect(combined.expiresAfterMs ?? approvalExpiryMs).toBeLessThanOrEqual(
            each.expiresAfterMs ?? approvalExpiryMs,
          )
          expect(combined.reason).toContain(each.reason)
          expect(combined.message ?? '').toContain(each.message ?? '')
          expect(combined.ask ?? '').toContain(each.ask ?? '')
        }
      }),
    )
  })

  test('the order of verdicts changes no term, and combining again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(asks, { minLength: 1 }), (asked) => {
        const combined = combine(asked)
        const terms = ({
          quorum = 1,
          notRequester = false,
          expiresAfterMs,
        }: Extract<Verdict, { type: 'require_approval' }>): unknown => [quorum, notRequester, expiresAfterMs]
        const reversed = combine([...asked].reverse())
        if (combined.type !== 'require_approval' || reversed.type !== 'require_approval')
          throw new Error('an approval was asked for')
        expect(terms(reversed)).toEqual(terms(combined))
        expect(combine([combined, { type: 'allow' }])).toEqual(combined)
      }),
    )
  })

  test('reasons stand once each, in the order asked', () => {
    const unverified: Verdict = { type: 'require_approval', reason: 'unverified', quorum: 2, ask: 'security' }
    const over: Verdict = {
      type: 'require_approval',
      reason: 'threshold_exceeded',
      notRequester: true,
      message: '300 is over 250',
    }
    expect(combine([unverified, over, unverified])).toEqual({
      type: 'require_approval',
      reason: 'unverified, threshold_exceeded',
      quorum: 2,
      notRequester: true,
      message: '300 is over 250',
      ask: 'security',
    })
  })

  test('no verdicts allow, and the first denial stands as it is', () => {
    expect(combine([])).toEqual({ type: 'allow' })
    const denied: Verdict = { type: 'deny', reason: 'other_tenant', message: 'there is no such data here' }
    expect(combine([{ type: 'allow' }, denied, { type: 'deny', reason: 'later' }])).toBe(denied)
  })
})

describe('what counts as a verdict', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['true', true],
    ['another word', { type: 'yes' }],
    ['a denial without a reason', { type: 'deny' }],
    ['an empty reason', { type: 'deny', reason: '' }],
    ['a message that is no text', { type: 'deny', reason: 'no', message: 7 }],
    ['a quorum of 0', { type: 'require_approval', reason: 'r', quorum: 0 }],
    ['a quorum of NaN', { type: 'require_approval', reason: 'r', quorum: Number.NaN }],
    ['half a person', { type: 'require_approval', reason: 'r', quorum: 1.5 }],
    ['an expiry that never comes', { type: 'require_approval', reason: 'r', expiresAfterMs: Number.POSITIVE_INFINITY }],
    ['a word where true or false is meant', { type: 'require_approval', reason: 'r', notRequester: 'yes' }],
  ])('%s does not', (_what, answer) => {
    expect(isVerdict(answer)).toBe(false)
  })

  test('every verdict of the vocabulary does', () => {
    fc.assert(fc.property(verdict, (each) => isVerdict(each)))
  })
})
