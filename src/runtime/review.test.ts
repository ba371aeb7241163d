/** Bugs that reading found, each with the test that shows it. */
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../core/index.ts'
import { anyTool, calls, heldTool, policy, world } from './world.fixture.ts'

test('a verdict that was promised on an older state is asked for again before the call starts', async () => {
  const pay = heldTool('pay', 'unsafe', { repeat: 'allow' })
  const answers: ((verdict: Verdict) => void)[] = []
  const seen: number[] = []
  const rule = policy(({ state, call }) => {
    const ended = [...state.calls.values()].filter(
      (other) => other.callId !== call.callId && other.outcome?.type === 'ok',
    )
    seen.push(ended.length)
    return new Promise<Verdict>((resolve) => answers.push(resolve))
  })
  const { start, env, find } = world({ script: [calls('pay', 'pay'), 'done'], tools: [pay.tool], policies: [rule] })
  const sessionId = await start()
  answers[0]?.({ type: 'allow' })
  await env.settle()
  pay.calls[0]?.end({})
  await env.settle()
  answers[1]?.({ type: 'allow' }) // asked before the first payment ended
  await env.settle()
  expect(pay.calls).toHaveLength(1)
  expect(seen).toEqual([0, 0, 1])
  answers[2]?.({ type: 'deny', reason: 'over_100' })
  await env.settle()
  expect((await find(sessionId, 'call_finished')).map(({ outcome }) => outcome.type)).toEqual(['ok', 'blocked'])
})

test('an approval that was given before the same effect began does not stand for its repeat', async () => {
  let paid = 0
  const pay = anyTool('pay', 'unsafe', () => {
    paid += 1
    return { paid }
  })
  const rule = policy(() => ({ type: 'require_approval', reason: 'over_threshold' }))
  const { start, runtime, env } = world({ script: [calls('pay', 'pay'), 'done'], tools: [pay], policies: [rule] })
  const sessionId = await start()
  for (const approvalId of ['a1', 'a2']) await runtime.approvals.approve({ sessionId, approvalId }, 'grace')
  await env.settle()
  expect(paid).toBe(1)
  const [asked] = await runtime.approvals.list()
  expect(asked).toMatchObject({ callId: 'c2', reason: 'over_threshold, repeats c1' })
  if (asked !== undefined) await runtime.approvals.approve(asked, 'grace')
  await env.settle()
  expect(paid).toBe(2)
})

test('a schema that never answers ends as an invalid input', async () => {
  const slow = anyTool('slow', 'read', () => ({}))
  const input = { '~standard': { ...slow.input['~standard'], validate: () => new Promise<never>(() => {}) } }
  const { start, env, find } = world({ script: [calls('slow'), 'done'], tools: [{ ...slow, input }] })
  const sessionId = await start()
  await env.advance(5_000)
  const [judged] = await find(sessionId, 'call_judged')
  expect(judged?.judgement).toMatchObject({ type: 'invalid', message: expect.stringContaining('longer than 5000 ms') })
})

describe('watching', () => {
  test('a session that there is not leaves no listener behind', async () => {
    const { runtime } = world()
    const { signal } = new AbortController()
    let listeners = 0
    signal.addEventListener = () => (listeners += 1)
    signal.removeEventListener = () => (listeners -= 1)
    await expect(runtime.watch({ sessionId: 'nobody' }, { signal }).next()).rejects.toThrow(/no session nobody/)
    expect(listeners).toBe(0)
  })

  test('from behind the end of a session that has ended is over at once', async () => {
    const { runtime, start } = world()
    const sessionId = await start()
    expect(await runtime.watch({ sessionId }, { after: 1_000 }).next()).toEqual({ done: true, value: undefined })
  })
})

test('who may not vote may not answer a held call either', async () => {
  const pay = anyTool('pay', 'unsafe', () => ({}))
  const rule = policy(() => ({ type: 'require_approval', reason: 'over_threshold', notRequester: true }))
  const { start, runtime } = world({ script: [calls('pay'), 'done'], tools: [pay], policies: [rule] })
  const sessionId = await start({ requester: { type: 'user', id: 'ada' } })
  const answered = await runtime.approvals.answer({ sessionId, approvalId: 'a1' }, 'ada', 'never mind')
  expect(answered).toMatchObject({ type: 'refused', code: 'requester_may_not_vote' })
})
