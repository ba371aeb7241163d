/** Writes of tasks that run side by side: policy looks at each with all in view that began before it. */
import { expect, test } from 'vitest'
import { sessionThreshold } from '../policies/index.ts'
import type { Policy } from '../ports/index.ts'
import { direct, planner, planOf } from './planning.fixture.ts'
import { heldTool, policy, world } from './world.fixture.ts'

function paying(amounts: readonly number[], rule: Policy, maxParallelTasks = amounts.length) {
  const pay = heldTool('pay', 'unsafe')
  const clerk = planner({
    tools: [pay.tool],
    policies: [rule],
    planning: { planner: null, router: null, maxParallelTasks },
  })
  const limits = { maxConcurrentCalls: amounts.length }
  const tasks = amounts.map((usd, index) => direct(`t${index}`, 'pay', { usd }))
  const { start, ...rest } = world({ agents: [clerk], limits })
  return { ...rest, pay, start: () => start({ plan: planOf(...tasks) }) }
}

test('the sum of a session is never exceeded by writes that begin at once', async () => {
  const limit = sessionThreshold<[Record<string, unknown>]>({
    counted: [{ tool: 'pay', amount: ({ usd }) => Number(usd) }],
    max: 100,
  })
  const { start, find, pay } = paying([45, 44, 43], limit)
  const sessionId = await start()
  expect(pay.calls).toHaveLength(2)
  expect((await find(sessionId, 'approval_requested')).map(({ callId, reason }) => [callId, reason])).toEqual([
    ['c3', 'session_threshold_exceeded'],
  ])
})

test('any number of writes begin at once, each judged once more at most', async () => {
  const amounts = Array.from({ length: 100 }, (_, index) => index)
  const { start, kinds, pay, problems } = paying(
    amounts,
    policy(() => ({ type: 'allow' })),
  )
  const sessionId = await start()
  expect(pay.calls).toHaveLength(100)
  expect((await kinds(sessionId)).filter((kind) => kind === 'call_judged')).toHaveLength(199)
  expect(problems).toEqual([])
})

test('a write that is looked at for long is passed by none that comes after it', async () => {
  const looks: { readonly usd: unknown; readonly allow: () => void }[] = []
  const slow = policy(({ call }) => {
    const { promise, resolve } = Promise.withResolvers<{ type: 'allow' }>()
    // The plan's inputs are objects.
    looks.push({ usd: (call.input as { usd?: unknown }).usd, allow: () => resolve({ type: 'allow' }) })
    return promise
  })
  const { start, env, pay } = paying([1, 2, 3, 4], slow, 2)
  await start()
  for (let at = 0; at < 2; at += 1) looks[at]?.allow()
  await env.settle()
  expect(looks.map(({ usd }) => usd)).toEqual([1, 2, 2])
  pay.calls[0]?.end({})
  await env.settle()
  // The third task has come meanwhile; it is looked at, and waits for the second all the same.
  looks[3]?.allow()
  await env.settle()
  expect(looks.map(({ usd }) => usd)).toEqual([1, 2, 2, 3])
  expect(pay.calls).toHaveLength(1)
})
