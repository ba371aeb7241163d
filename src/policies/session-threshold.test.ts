import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { CallState, State } from '../core/index.ts'
import type { Tool } from '../ports/index.ts'
import { InvalidPolicyError, sessionThreshold } from './index.ts'
import { requestFor, stateWith } from './request.fixture.ts'

const rest = { description: 'pays', effect: 'unsafe', run: () => 'done' } as const
const refund: Tool<{ readonly usd: number }, string> = { name: 'refund', input: z.object({ usd: z.number() }), ...rest }
const credit: Tool<{ readonly cents: number }, string> = {
  name: 'credit',
  input: z.object({ cents: z.number() }),
  ...rest,
}

const upTo100 = sessionThreshold({
  counted: [
    { tool: refund, amount: ({ usd }) => usd },
    { tool: credit, amount: ({ cents }) => cents / 100 },
  ],
  max: 100,
  ask: 'a billing lead',
})

type Earlier = Partial<CallState> & Pick<CallState, 'tool' | 'input'>

/** A session with these calls before; each has begun and ended well unless it says otherwise. */
function sessionAfter(...earlier: readonly Earlier[]): State {
  const state = stateWith([])
  for (const [index, each] of earlier.entries()) {
    const callId = `c${index + 1}`
    const call = { callId, startedAt: 1, tookEffect: true, outcome: { type: 'ok', output: null }, ...each }
    // The policy reads only these fields of earlier calls.
    state.calls.set(callId, call as CallState)
  }
  return state
}

const asks = (usd: unknown, state: State) => upTo100.check(requestFor('refund', { usd: usd as number }, { state }))

describe('sessionThreshold', () => {
  test('lets exactly the maximum through, and asks people above it, however it is cut and by whichever tool', () => {
    const state = sessionAfter({ tool: 'refund', input: { usd: 45 } }, { tool: 'credit', input: { cents: 1_500 } })
    expect(asks(40, state)).toEqual({ type: 'allow' })
    expect(asks(40.01, state)).toEqual({
      type: 'require_approval',
      reason: 'session_threshold_exceeded',
      message: '40.01 and 60 before it in this session are over 100',
      ask: 'a billing lead',
    })
  })

  test.each<[string, Partial<CallState>, boolean]>([
    ['ended well', {}, true],
    ['runs', { outcome: null }, true],
    ['ended nobody knows how', { outcome: { type: 'unknown', message: '' } }, true],
    ['failed and may have taken effect', { outcome: { type: 'retryable_error', message: '' } }, true],
    ['failed with nothing changed', { outcome: { type: 'terminal_error', message: '' }, tookEffect: false }, false],
    ['never began', { outcome: { type: 'blocked', reason: 'x', message: '' }, startedAt: 0 }, false],
  ])('counts an earlier call that %s: %#', (_, call, counts) => {
    const state = sessionAfter({ tool: 'refund', input: { usd: 90 }, ...call })
    expect(asks(11, state)).toMatchObject({ type: counts ? 'require_approval' : 'allow' })
  })

  test('an amount below zero does not lower the sum', () => {
    const state = sessionAfter({ tool: 'refund', input: { usd: 90 } }, { tool: 'refund', input: { usd: -90 } })
    expect(asks(11, state)).toMatchObject({ type: 'require_approval' })
  })

  test('other tools, and the call itself, do not count', () => {
    const state = sessionAfter(
      { tool: 'note', input: { usd: 900 } },
      { tool: 'refund', input: { usd: 100 }, callId: 'c9' },
    )
    expect(asks(100, state)).toEqual({ type: 'allow' })
  })

  test.each([[Number.NaN], ['40'], [undefined]])('denies an amount of %s, now or before', (usd) => {
    expect(asks(usd, sessionAfter())).toMatchObject({ type: 'deny', reason: 'amount_unknown' })
    const state = sessionAfter({ tool: 'refund', input: { usd: usd as number } })
    expect(asks(1, state)).toMatchObject({ type: 'deny', reason: 'amount_unknown' })
  })

  test('amounts are typed by each tool’s own schema', () => {
    // @ts-expect-error `credit` has no usd
    sessionThreshold({ counted: [{ tool: credit, amount: ({ usd }) => usd }], max: 1 })
    expect(upTo100.tools).toEqual(['credit', 'refund'])
  })

  test('refuses what could mean nothing', () => {
    expect(() => sessionThreshold({ counted: [], max: 1 })).toThrow(InvalidPolicyError)
    const counted = [{ tool: 'refund', amount: () => 1 }] as const
    expect(() => sessionThreshold({ counted, max: Number.NaN })).toThrow(/finite max/)
    const twice = [...counted, { tool: refund, amount: ({ usd }: { readonly usd: number }) => usd }] as const
    expect(() => sessionThreshold({ counted: twice, max: 1 })).toThrow(InvalidPolicyError)
    expect(() => sessionThreshold({ counted: twice, max: 1 })).toThrow(/each tool once.*refund/)
  })
})
