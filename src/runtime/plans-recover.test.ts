import { describe, expect, test } from 'vitest'
import type { Json, PlanTask } from '../core/index.ts'
import { direct, loop, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool } from './world.fixture.ts'

const asJson = (tasks: readonly PlanTask[]): Json => ({ goal: 'the sums', tasks: tasks as unknown as Json })

describe('recovery', () => {
  test('retries what may go away, after a while, and goes on where it was', async () => {
    const { tools, asked } = planningTools(2)
    const { start, env, find, runtime, store } = planningWorld({ tools, planning: { planner: null, router: null } })
    const sessionId = await start({
      plan: planOf(direct('a', 'flaky'), direct('b', 'add', { left: 1, right: 2 }, ['a'])),
    })
    expect(asked()).toBe(1)
    expect((await store.head({ tenant: 'default', sessionId }))?.status).toBe('waiting(timer)')
    await env.advance(10_000)
    expect(asked()).toBe(3)
    expect(
      (await find(sessionId, 'recovery_chosen')).map(({ action, reason, attempt }) => [action, attempt, reason]),
    ).toEqual([
      ['retry', 1, 'tool_retryable: retry 1 of 2'],
      ['retry', 2, 'tool_retryable: retry 2 of 2'],
    ])
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['a', 'b'])
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('a planner whose request fails on its way is asked for the plan once more', async () => {
    const plan = { json: asJson([direct('a', 'add', { left: 1, right: 2 })]) }
    const error = { code: 'http_503', retryable: true, attempts: 1 } as const
    const { start, env, find, runtime } = planningWorld({
      scripts: { plan: [{ ...plan, error }] },
      planning: { route: 'plan_and_subagent' },
    })
    const sessionId = await start()
    await env.advance(10_000)
    expect((await find(sessionId, 'model_started')).map(({ purpose, attempt }) => [purpose, attempt])).toEqual([
      ['plan', 1],
      ['plan', 2],
    ])
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['a'])
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('what is exhausted is given up; the rest finishes, and the answer names what is missing', async () => {
    const { start, env, runtime } = planningWorld({ planning: { planner: null, router: null } })
    const plan = planOf(
      direct('bad', 'boom'),
      direct('after', 'add', { left: 1, right: 2 }, ['bad']),
      direct('free', 'add', { left: 1, right: 2 }),
    )
    const sessionId = await start({ plan })
    await env.advance(60_000)
    const result = await runtime.result({ sessionId })
    expect(result.status).toEqual({ type: 'done', reason: 'final_answer' })
    expect(result.text).toBe('3\n\nNot done: bad (failed: boom: it is broken); after (unreachable because bad failed).')
  })

  test.each([
    ['ask', 'tool_retryable: a person decides'],
    ['answer', 'tool_retryable: it is not tried again'],
  ] as const)('a row that escalates says who decides, where onPartial is %s', async (onPartial, reason) => {
    const recovery = { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } } as const
    const { start, find } = planningWorld({ planning: { planner: null, router: null, onPartial, recovery } })
    const sessionId = await start({ plan: planOf(direct('bad', 'boom')) })
    expect((await find(sessionId, 'recovery_chosen')).map((event) => event.reason)).toEqual([reason])
  })

  test('a failure plans what is left anew; what was completed stands and is not run again', async () => {
    const { tools } = planningTools()
    const scripts = {
      plan: [
        { json: asJson([direct('a', 'add', { left: 1, right: 2 }), direct('b', 'boom', {}, ['a'])]) },
        { json: asJson([direct('c', 'add', { left: { $from: 'a' }, right: 4 })]) },
      ],
    }
    const { start, find, runtime } = planningWorld({
      tools,
      scripts,
      planning: {
        route: 'plan_and_subagent',
        recovery: { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } },
      },
    })
    const sessionId = await start()
    expect((await find(sessionId, 'plan_adopted')).map(({ version }) => version)).toEqual([1, 2])
    expect(
      (await find(sessionId, 'plan_proposed')).map(({ cause, tasks }) => [cause.type, tasks.map(({ id }) => id)]),
    ).toEqual([
      ['planned', ['a', 'b']],
      ['replan', ['a', 'c']],
    ])
    expect((await find(sessionId, 'task_started')).map(({ taskId, version }) => [taskId, version])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ])
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'done' }, text: '7' })
  })

  test('a planner that repeats the failed plan is refused once, and then people are asked', async () => {
    const plan = asJson([direct('a', 'add', { left: 1, right: 2 }), direct('b', 'boom', {}, ['a'])])
    const scripts = { plan: [{ json: plan }, { json: plan }, { json: plan }, { json: plan }] }
    const { start, find, env, runtime } = planningWorld({
      scripts,
      planning: {
        route: 'plan_and_subagent',
        onPartial: 'ask',
        recovery: { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } },
      },
    })
    const sessionId = await start()
    await env.advance(1_000)
    const rejected = await find(sessionId, 'plan_rejected')
    expect(rejected.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['repeats_failed_plan'],
      ['repeats_failed_plan'],
    ])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'blocked', reason: 'escalation' })
    const [asked] = await runtime.approvals.list({ sessionId })
    expect(asked).toMatchObject({
      kind: 'question',
      reason: 'escalation',
      question: { options: ['retry', 'skip', 'abort', 'replan'] },
    })
    await runtime.approvals.answer({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', 'skip')
    await env.settle()
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })

  test('what a loop says it cannot do is a failure of the class that it names', async () => {
    const scripts = {
      tasks: { a: [{ calls: [{ tool: 'fail_task', input: { class: 'missing_input', reason: 'no invoice' } }] }] },
    }
    const { start, find } = planningWorld({ scripts, planning: { planner: null, router: null } })
    const sessionId = await start({ plan: planOf(loop('a')) })
    expect(await find(sessionId, 'task_failed')).toMatchObject([
      { taskId: 'a', failure: 'missing_input', message: 'no invoice' },
    ])
  })

  test('an answer that fills in a form may say null where a field is left out', async () => {
    const form = { id: 'a', name: 'a', dependsOn: [], tool: 'add', input: { left: 1, right: 2 } }
    const blank = { specialist: null, cap: null, accept: null, parent: null, forEach: null }
    const plan: Json = { goal: 'the sums', notes: null, tasks: [{ ...form, ...blank }] }
    const { start, runtime } = planningWorld({
      scripts: { plan: [{ json: plan }] },
      planning: { route: 'plan_and_subagent' },
    })
    expect(await runtime.result({ sessionId: await start() })).toMatchObject({ status: { type: 'done' }, text: '3' })
  })

  test('a call that is tried again with the same input has the same key, and another one with another', async () => {
    const keys: string[] = []
    const put = anyTool('put', 'idempotent', ({ row }, { idempotencyKey }) => {
      keys.push(idempotencyKey)
      if (row !== 3) throw new Error('busy')
      return row
    })
    const retryTwice = { tool_retryable: { action: 'retry', maxRetries: 1, backoffMs: 0 } } as const
    const planning = { planner: null, router: null, onPartial: 'ask', recovery: retryTwice } as const
    const { start, runtime, env } = planningWorld({ tools: [put], planning })
    const sessionId = await start({ plan: planOf(direct('a', 'put', { row: 1 })) })
    const [asked] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.edit({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', { row: 3 })
    await env.settle()
    expect(keys).toEqual([`${sessionId}/c1`, `${sessionId}/c1`, `${sessionId}/c3`])
  })

  test.each([
    ['a second apart', 1_000],
    ['in the same millisecond', 0],
  ])('a call that is tried again with an input of before has the key of before, but not that of other work: %s', async (_, pauseMs) => {
    const keys: string[] = []
    const put = anyTool('put', 'idempotent', ({ row }, { idempotencyKey }) => {
      keys.push(`${row} ${idempotencyKey}`)
      throw new Error('busy')
    })
    const asks = { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } } as const
    const plan = { json: { goal: 'g', tasks: [direct('a', 'put', { row: 1 })] } } as const
    const planning = { route: 'plan_and_subagent', router: null, onPartial: 'ask', recovery: asks } as const
    const { start, runtime, env } = planningWorld({ tools: [put], planning, scripts: { plan: [plan, plan] } })
    const sessionId = await start()
    const answering = async (input: { row: number } | null) => {
      await env.advance(pauseMs)
      const [asked] = await runtime.approvals.list({ sessionId })
      const named = { sessionId, approvalId: asked?.approvalId ?? '' }
      if (input === null) await runtime.approvals.answer(named, 'ada', 'skip')
      else await runtime.approvals.edit(named, 'ada', input)
      await env.settle()
    }
    for (const input of [{ row: 2 }, { row: 1 }, null]) await answering(input)
    await runtime.send({ sessionId }, { type: 'send_message', text: 'again', trust: 'user', origin: { type: 'user' } })
    await env.settle()
    for (const input of [{ row: 2 }, { row: 1 }]) await answering(input)
    const keyOf = (row: number, call: string) => `${row} ${sessionId}/${call}`
    expect(keys).toEqual([
      ...[keyOf(1, 'c1'), keyOf(2, 'c2'), keyOf(1, 'c1')],
      ...[keyOf(1, 'c4'), keyOf(2, 'c5'), keyOf(1, 'c4')],
    ])
  })
})
