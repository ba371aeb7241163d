import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Policy, Tool } from '../ports/index.ts'
import {
  allowTools,
  denyTools,
  InvalidPolicyError,
  open,
  policy,
  requireApproval,
  retryBudget,
  tenantScope,
  threshold,
} from './index.ts'

const openRefundCase: Tool<{ readonly accountId: string; readonly amountUsd: number }, string> = {
  name: 'open_refund_case',
  description: 'opens a refund case',
  effect: 'unsafe',
  input: z.object({ accountId: z.string(), amountUsd: z.number() }),
  run: () => 'case 1',
}

describe('policies that could not mean what was written', () => {
  test.each<[string, () => Policy]>([
    ['a threshold without a maximum', () => threshold({ tool: 'pay', amount: () => 1, max: Number.NaN })],
    ['a quorum of nobody', () => threshold({ tool: 'pay', amount: () => 1, max: 1, quorum: 0 })],
    ['an approval for no reason', () => requireApproval({ tools: '*', reason: '' })],
    ['an approval that says no reason', () => requireApproval({ tools: '*' } as never)],
    ['an approval that has expired already', () => requireApproval({ tools: '*', reason: 'r', expiresAfterMs: 0 })],
    ['a scope over no tools', () => tenantScope({ tools: [], tenantOf: () => null })],
    ['a tool without a name', () => denyTools([''])],
    ['a budget of no failures', () => retryBudget({ tools: '*', max: 0 })],
    [
      'a rule without a version',
      () => policy({ name: 'mine', version: '', tools: '*', check: () => ({ type: 'allow' }) }),
    ],
  ])('%s is refused where it is made', (_what, make) => {
    expect(make).toThrow(InvalidPolicyError)
  })

  test('a wrong use does not compile', () => {
    const wrong = (): unknown[] => [
      // @ts-expect-error the tool's input has no such field
      threshold({ tool: openRefundCase, amount: (input) => input.amount, max: 1 }),
      // @ts-expect-error by a name alone nothing is known of the input
      threshold({ tool: 'pay', amount: (input) => input.amountUsd, max: 1 }),
      // @ts-expect-error an amount is a number
      threshold({ tool: openRefundCase, amount: (input) => input.accountId, max: 1 }),
      // @ts-expect-error a threshold has a maximum
      threshold({ tool: 'pay', amount: () => 1 }),
      // @ts-expect-error a list of names, not one
      allowTools('search_docs'),
      // @ts-expect-error at least one tool is open
      open(),
      // @ts-expect-error an approval has a reason
      requireApproval({ tools: '*' }),
      // @ts-expect-error a tenant is a name
      tenantScope({ tools: ['pay'], tenantOf: () => 7 }),
      // @ts-expect-error a rule of one's own has a version
      policy({ name: 'mine', tools: '*', check: () => ({ type: 'allow' }) }),
      // @ts-expect-error an answer is a verdict
      policy({ name: 'mine', version: '1', tools: '*', check: () => true }),
      // @ts-expect-error a denial has a reason
      policy({ name: 'mine', version: '1', tools: '*', check: () => ({ type: 'deny' }) }),
    ]
    expect(wrong).toBeTypeOf('function')
  })
})
