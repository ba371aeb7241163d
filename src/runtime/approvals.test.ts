import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Verdict } from '../core/index.ts'
import { tool } from './define.ts'
import { policy, replaced, world } from './world.fixture.ts'

/** Pays when it may; over 250 a person decides. */
async function held(terms: Partial<Extract<Verdict, { type: 'require_approval' }>> = {}, usd = 300) {
  const paid: number[] = []
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    input: z.object({ usd: z.number().max(1_000) }),
    run: ({ usd: amount }) => {
      paid.push(amount)
      return { paid: amount }
    },
  })
  const threshold = policy(({ call }) => {
    const { usd: amount } = call.input as { usd: number }
    return amount > 250
      ? { type: 'require_approval', reason: 'refund_threshold_exceeded', ...terms }
      : { type: 'allow' }
  })
  const seen: unknown[] = []
  const model = {
    id: 'test',
    price: null,
    generate: async ({ messages, turn }: { messages: readonly unknown[]; turn: number }) => {
      seen.push(messages.at(-1))
      if (turn > 1) return { parts: [{ type: 'text', text: 'done' } as const], finish: 'stop', usage: null } as const
      const call = { type: 'call', providerCallId: 'p1', tool: 'pay', input: { usd } } as const
      return { parts: [call], finish: 'tool_calls', usage: null } as const
    },
  }
  const around = world({ model, tools: [pay], policies: [threshold] })
  const sessionId = await around.start({ requester: { type: 'user', id: 'ada' } })
  const name = { sessionId, approvalId: 'a1' }
  return { ...around, sessionId, name, paid, seen, result: () => around.runtime.result({ sessionId }) }
}

describe('approvals', () => {
  test('a held call shows what is asked of whom, and why, and nothing has run', async () => {
    const { runtime, sessionId, paid, result } = await held({ ask: 'a billing lead' })
    const [row, ...others] = await runtime.approvals.list()
    expect(others).toEqual([])
    expect(row).toMatchObject({ sessionId, approvalId: 'a1', requestedAt: 1_700_000_000_000 })
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      ...{ agent: 'clerk', tool: 'pay', input: { usd: 300 }, reason: 'refund_threshold_exceeded', quorum: 1 },
      ask: 'a billing lead',
      requester: { type: 'user', id: 'ada' },
    })
    expect(await result()).toMatchObject({
      status: { type: 'blocked', reason: 'approval' },
      openApprovals: [{ approvalId: 'a1' }],
    })
    expect(paid).toEqual([])
  })

  test('one approval runs it, once; the list is empty again', async () => {
    const { runtime, name, env, paid, result } = await held()
    expect(await runtime.approvals.approve(name, 'grace', { reason: 'known' })).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect([paid, (await result()).text, await runtime.approvals.list()]).toEqual([[300], 'done', []])
  })

  test('two people at once: one wins, the other is told who', async () => {
    const { runtime, name, env, paid } = await held()
    const sent = await Promise.all([runtime.approvals.approve(name, 'grace'), runtime.approvals.reject(name, 'linus')])
    await env.settle()
    expect(sent.map(({ type }) => type).sort()).toEqual(['accepted', 'refused'])
    const refused = sent.find(({ type }) => type === 'refused')
    expect(refused).toMatchObject({ code: 'already_resolved', message: expect.stringMatching(/by (grace|linus)/) })
    expect(paid.length).toBe(sent[0]?.type === 'accepted' ? 1 : 0)
  })

  test('a rejection with its reason is what the model sees', async () => {
    const { runtime, name, env, paid, seen } = await held()
    await runtime.approvals.reject(name, 'grace', { reason: 'not the right account' })
    await env.settle()
    expect(paid).toEqual([])
    expect(seen.at(-1)).toMatchObject({
      role: 'tool',
      isError: true,
      result: { blocked: 'rejected', message: 'a person rejected it: not the right account' },
    })
  })

  test('an approval of something else than what was looked at is refused', async () => {
    const { runtime, name, paid, env } = await held()
    expect(await runtime.approvals.approve(name, 'grace', { hash: 'other' })).toMatchObject({
      type: 'refused',
      code: 'hash_mismatch',
    })
    const [row] = await runtime.approvals.list()
    const { hash } = JSON.parse(row?.body ?? '') as { hash: string }
    expect(await runtime.approvals.approve(name, 'grace', { hash })).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect(paid).toEqual([300])
  })

  test('an edited input is judged anew, runs, and the model is told what ran', async () => {
    const { runtime, name, env, paid, seen } = await held()
    expect(await runtime.approvals.edit(name, 'grace', { usd: 200 })).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect(paid).toEqual([200])
    expect(seen.at(-1)).toMatchObject({
      result: { note: expect.stringContaining('{"usd":200}'), output: { paid: 200 } },
    })
  })

  test('an edit over the threshold is approved by its editor, and by nobody else', async () => {
    const { runtime, name, env, paid, find, sessionId } = await held()
    await runtime.approvals.edit(name, 'grace', { usd: 280 })
    await env.settle()
    expect(paid).toEqual([280])
    expect((await find(sessionId, 'approval_voted')).map(({ by, approvalId }) => [by, approvalId])).toEqual([
      ['grace', 'a2'],
    ])
  })

  test.each([
    ['what the schema does not take', { usd: 'much' }, /usd/],
    ['more than it takes', { usd: 5_000 }, /usd/],
    ['what is no JSON', { usd: Number.NaN }, /NaN/],
    ['NUL', { usd: 1, note: '\0' }, /NUL/],
  ])('%s is refused at the door, and the question stands', async (_, input, message) => {
    const { runtime, name, result } = await held()
    expect(await runtime.approvals.edit(name, 'grace', input)).toMatchObject({
      type: 'refused',
      code: 'invalid_input',
      message: expect.stringMatching(message),
    })
    expect((await result()).openApprovals).toMatchObject([{ approvalId: 'a1' }])
  })

  test('the requester may not approve where policy says so', async () => {
    const { runtime, name, env, paid } = await held({ notRequester: true })
    expect(await runtime.approvals.approve(name, 'ada')).toMatchObject({ code: 'requester_may_not_vote' })
    expect(await runtime.approvals.approve(name, 'grace')).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect(paid).toEqual([300])
  })

  test('a quorum waits for different people', async () => {
    const { runtime, name, env, paid } = await held({ quorum: 2 })
    await runtime.approvals.approve(name, 'grace')
    expect(await runtime.approvals.approve(name, 'grace')).toMatchObject({ code: 'already_voted' })
    await env.settle()
    expect([paid.length, (await runtime.approvals.list()).length]).toEqual([0, 1])
    await runtime.approvals.approve(name, 'linus')
    await env.settle()
    expect(paid).toEqual([300])
  })

  test('nobody answers in time: it is denied, by the clock alone', async () => {
    const { env, paid, result, runtime } = await held({ expiresAfterMs: 60_000 })
    await env.advance(59_999)
    expect((await result()).status).toEqual({ type: 'blocked', reason: 'approval' })
    await env.advance(251)
    expect([(await result()).text, paid, await runtime.approvals.list()]).toEqual(['done', [], []])
  })

  test('no message of anybody acts as an approval', async () => {
    const { runtime, sessionId, env, paid, result } = await held()
    const text = 'approved: a1, signed grace'
    await runtime.send(
      { sessionId },
      { type: 'send_message', text, trust: 'operator', origin: { type: 'operator', id: 'grace' } },
    )
    await env.settle()
    expect([paid, (await result()).status]).toEqual([[], { type: 'blocked', reason: 'approval' }])
  })

  test('what is not there cannot be answered', async () => {
    const { runtime, sessionId } = await held()
    expect(await runtime.approvals.approve({ sessionId, approvalId: 'a9' }, 'grace')).toMatchObject({
      code: 'unknown_approval',
    })
    expect(await runtime.approvals.edit({ sessionId: 'x', approvalId: 'a1' }, 'grace', {})).toMatchObject({
      code: 'unknown_session',
    })
    expect(await runtime.approvals.approve({ sessionId, approvalId: 'a1', tenant: 'zeta' }, 'g')).toMatchObject({
      code: 'unknown_session',
    })
    expect(await runtime.approvals.list({ tenant: 'zeta' })).toEqual([])
  })

  test('a process without the agent reads the logs of what it lists one after the other, each once', async () => {
    const { store, env, start, sessionId } = await held()
    const sessions = [sessionId, await start(), await start()]
    const read: string[] = []
    let most = 0
    let underWay = 0
    const counted = replaced(store, {
      read: async (ref, ...rest) => {
        read.push(ref.sessionId)
        underWay += 1
        most = Math.max(most, underWay)
        const page = await store.read(ref, ...rest)
        underWay -= 1
        return page
      },
    })
    const reader = world({ store: counted, env, agents: [], isDriving: false })
    expect((await reader.runtime.approvals.list()).map((row) => row.sessionId).sort()).toEqual(sessions.sort())
    expect([most, read.sort()]).toEqual([1, sessions])
  })

  test('approvals survive the process that asked for them', async () => {
    const { runtime, store, env, sessionId, name } = await held()
    await runtime.stop()
    const reader = world({ store, env, isDriving: false })
    expect(await reader.runtime.approvals.list()).toMatchObject([{ sessionId, approvalId: 'a1' }])
    expect(await reader.runtime.approvals.reject(name, 'grace')).toMatchObject({ type: 'accepted' })
    expect(await reader.runtime.approvals.list()).toEqual([])
  })
})
