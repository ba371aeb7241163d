import { describe, expect, test } from 'vitest'
import type { Verdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { anyTool, calls, policy, world } from './world.fixture.ts'

/** What becomes of one call of `pay` under these policies. */
async function judged(policies: readonly Policy[], { waitMs = 0, script = [calls('pay'), 'done'] } = {}) {
  const ran: unknown[] = []
  const pay = anyTool('pay', 'unsafe', (input) => {
    ran.push(input)
    return 'paid'
  })
  const around = world({ script, tools: [pay], policies })
  const sessionId = await around.start({ context: { region: { name: 'eu' } } })
  await around.env.advance(waitMs)
  const [finished] = await around.find(sessionId, 'call_finished')
  return { ...around, ran, sessionId, outcome: finished?.outcome }
}

const allow: Verdict = { type: 'allow' }
const unreadable = {
  toString: () => {
    throw new Error('hm')
  },
}

describe('a policy fails closed (DESIGN 3.3)', () => {
  const failing: [string, Policy['check'], RegExp][] = [
    [
      'throws',
      () => {
        throw new Error('ledger down')
      },
      /policy rule failed, which denies: ledger down/,
    ],
    ['rejects', () => Promise.reject(new Error('ledger down')), /ledger down/],
    [
      'throws what cannot be read',
      () => {
        throw unreadable
      },
      /cannot be read/,
    ],
    ['answers nothing', () => undefined as never, /no verdict/],
    ['answers true', () => true as never, /no verdict/],
    ['answers with a word of its own', () => ({ type: 'yes' }) as never, /no verdict/],
    ['denies without a reason', () => ({ type: 'deny' }) as never, /no verdict/],
    ['denies with a reason that is no text', () => ({ type: 'deny', reason: 7 }) as never, /no verdict/],
    ['promises garbage', async () => ({}) as never, /no verdict/],
    [
      'asks for a quorum that is no number',
      () => ({ type: 'require_approval', reason: 'x', quorum: Number.NaN }),
      /no verdict/,
    ],
    ['asks for half a person', () => ({ type: 'require_approval', reason: 'x', quorum: 1.5 }), /no verdict/],
    [
      'lets an approval expire at no time',
      () => ({ type: 'require_approval', reason: 'x', expiresAfterMs: 'soon' }) as never,
      /no verdict/,
    ],
    [
      'answers with an object whose getter throws',
      () => ({
        get type(): 'allow' {
          throw new Error('trap')
        },
      }),
      /trap|no verdict/,
    ],
    ['answers with more than JSON', () => ({ type: 'deny', reason: 'x', message: 1n }) as never, /no verdict/],
  ]
  test.each(failing)('one that %s denies', async (_, check, message) => {
    const { outcome, ran, problems, runtime, sessionId } = await judged([policy(check)])
    expect(outcome).toMatchObject({ type: 'blocked', reason: 'policy_failed', message: expect.stringMatching(message) })
    expect([ran, problems]).toEqual([[], []])
    expect((await runtime.result({ sessionId })).text).toBe('done')
  })

  test('one that takes longer than policyTimeoutMs denies; the session waits that long, and no longer', async () => {
    const slow = policy(() => new Promise(() => {}))
    expect((await judged([slow], { waitMs: 4_999 })).outcome).toBe(undefined)
    const { outcome } = await judged([slow], { waitMs: 5_000 })
    expect(outcome).toMatchObject({
      type: 'blocked',
      reason: 'policy_failed',
      message: expect.stringContaining('its verdict took longer than 5000 ms'),
    })
  })

  test('an answer that comes after the timeout changes nothing', async () => {
    const late = Promise.withResolvers<Verdict>()
    const { env, ran, find, sessionId } = await judged([policy(() => late.promise)], { waitMs: 5_000 })
    late.resolve(allow)
    await env.settle()
    expect(ran).toEqual([])
    expect((await find(sessionId, 'call_judged')).length).toBe(1)
  })

  test('one that promises in time is heard, and no policy at all speaks for a tool that reads', async () => {
    expect((await judged([policy(async () => allow)])).ran.length).toBe(1)
  })
})

describe('several policies', () => {
  const deny: Verdict = { type: 'deny', reason: 'frozen' }
  const ask = (terms: object): Verdict => ({ type: 'require_approval', reason: 'threshold', ...terms })

  test('deny wins over approval, approval over allow', async () => {
    const denied = await judged([policy(() => ask({})), policy(() => deny), policy(() => allow)])
    expect(denied.outcome).toMatchObject({ type: 'blocked', reason: 'frozen' })
    const held = await judged([policy(() => allow), policy(async () => ask({})), policy(() => allow)])
    expect((await held.runtime.result({ sessionId: held.sessionId })).status).toEqual({
      type: 'blocked',
      reason: 'approval',
    })
  })

  test('of several approvals each gets at least what it asks for', async () => {
    const { find, sessionId } = await judged([
      policy(() => ask({ quorum: 2, expiresAfterMs: 60_000 })),
      policy(() => ask({ reason: 'night', notRequester: true, expiresAfterMs: 30_000 })),
    ])
    const [requested] = await find(sessionId, 'approval_requested')
    expect(requested).toMatchObject({ reason: 'threshold, night', quorum: 2, notRequester: true })
    expect((requested?.expiresAt ?? 0) - 1_700_000_000_000).toBe(30_000)
  })

  test('only the policies that name a tool, or all tools, are asked', async () => {
    const asked: string[] = []
    const named = (name: string, tools: Policy['tools']) =>
      policy(() => {
        asked.push(name)
        return allow
      }, tools)
    await judged([named('pay', ['pay']), named('other', ['other']), named('all', '*')])
    expect(new Set(asked)).toEqual(new Set(['pay', 'all']))
  })
})

describe('what a policy sees', () => {
  async function seen(look: (request: PolicyRequest) => unknown, script?: Parameters<typeof judged>[1]) {
    const found: unknown[] = []
    await judged(
      [
        policy((request) => {
          found.push(look(request))
          return allow
        }),
      ],
      script,
    )
    return found
  }

  test('exactly what will run, who asks, and what was spent', async () => {
    const [request] = await seen(({ tenant, agent, call, tool, context, requester, spent, approval }) => ({
      ...{ tenant, agent, tool, spent, approval },
      call: { ...call },
      context: { ...context },
      requester: { ...requester },
    }))
    expect(request).toMatchObject({
      tenant: 'default',
      agent: 'clerk',
      call: { callId: 'c1', tool: 'pay', attempt: 0 },
      tool: { name: 'pay', effect: 'unsafe', sensitivity: 'internal' },
      requester: { type: 'api' },
      spent: { calls: 0, callRetries: 0 },
      approval: null,
    })
  })

  test('earlier calls, through maps and lists', async () => {
    const [first, second] = await seen(
      ({ state }) => [...state.calls.values()].map(({ callId, status }) => `${callId} ${status}`),
      { script: [calls('pay'), { calls: [{ tool: 'pay', input: { other: 1 } }] }, 'done'] },
    )
    expect(first).toEqual(['c1 proposed'])
    expect(second).toEqual(['c1 finished', 'c2 proposed'])
  })

  const writes: [string, (request: PolicyRequest) => void][] = [
    [
      'a field of the request',
      (request) => {
        ;(request as { tenant: string }).tenant = 'x'
      },
    ],
    [
      'a field of the call',
      ({ call }) => {
        ;(call as { tool: string }).tool = 'look'
      },
    ],
    [
      'the input',
      ({ call }) => {
        ;(call.input as { usd: number }).usd = 1
      },
    ],
    [
      'a field of the state',
      ({ state }) => {
        ;(state as { cancel: unknown }).cancel = null
      },
    ],
    [
      'something deep in the state',
      ({ state }) => {
        state.budget as { maxTurns: number }
        ;(state.budget as { maxTurns: number }).maxTurns = 9
      },
    ],
    [
      'a call in a map',
      ({ state }) => {
        const call = state.calls.get('c1')
        if (call) call.status = 'allowed'
      },
    ],
    [
      'a call among values',
      ({ state }) => {
        for (const call of state.calls.values()) call.status = 'allowed'
      },
    ],
    [
      'a call among entries',
      ({ state }) => {
        for (const [, call] of state.calls) call.status = 'allowed'
      },
    ],
    [
      'a call in forEach',
      ({ state }) =>
        state.calls.forEach((call) => {
          call.status = 'allowed'
        }),
    ],
    [
      'a map',
      ({ state }) => {
        state.calls.delete('c1')
      },
    ],
    [
      'another map',
      ({ state }) => {
        state.approvals.clear()
      },
    ],
    [
      'a set',
      ({ state }) => {
        state.index.started.add('c1')
      },
    ],
    [
      'a list',
      ({ state }) => {
        state.transcript.pop()
      },
    ],
    [
      'the order of a list',
      ({ state }) => {
        state.transcript.sort()
      },
    ],
    [
      'the context',
      ({ context }) => {
        ;(context as { region: { name: string } }).region.name = 'us'
      },
    ],
    [
      'a new field',
      ({ state }) => {
        ;(state as unknown as Record<string, unknown>)['mine'] = 1
      },
    ],
    [
      'a field away',
      ({ state }) => {
        delete (state as { cancel?: unknown }).cancel
      },
    ],
    [
      'a prototype',
      ({ state }) => {
        Object.setPrototypeOf(state, null)
      },
    ],
    [
      'a definition',
      ({ state }) => {
        Object.defineProperty(state, 'cancel', { value: 1 })
      },
    ],
    [
      'a freeze',
      ({ state }) => {
        Object.freeze(state.transcript)
      },
    ],
    [
      'a deep freeze',
      ({ state }) => {
        Object.preventExtensions(state.calls)
      },
    ],
    [
      'what a descriptor hands out',
      ({ state }) => {
        const raw = Object.getOwnPropertyDescriptor(state, 'budget')?.value as { maxTurns: number }
        raw.maxTurns = 9
      },
    ],
  ]
  test.each(writes)('writing to %s throws, which denies, and the session goes on as it was', async (_, write) => {
    const { outcome, runtime, sessionId } = await judged([
      policy((request) => {
        write(request)
        return allow
      }),
    ])
    expect(outcome).toMatchObject({ type: 'blocked', reason: 'policy_failed' })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
  })
})
