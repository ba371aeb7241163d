import { describe, expect, test } from 'vitest'
import type { Json, PlanTask } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import type { ModelRequest } from '../ports/index.ts'
import { direct, loop, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool, heldTool } from './world.fixture.ts'

const asJson = (tasks: readonly PlanTask[]): Json => ({ goal: 'the sums', tasks: tasks as unknown as Json })
const given = { planner: null, router: null } as const
const replans = {
  router: null,
  route: 'plan_and_subagent',
  recovery: { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } },
} as const
const { tools } = planningTools()

describe('a synthesis', () => {
  test('waits for every child of a parent that has failed, and is told of each', async () => {
    const slow = heldTool('slow', 'read')
    const briefs: string[] = []
    const others = (request: ModelRequest) => {
      briefs.push(JSON.stringify(request.messages))
      return 'summed'
    }
    const { start, env } = planningWorld({ tools: [...tools, slow.tool], planning: given, scripts: { others } })
    await start({
      plan: planOf(
        loop('whole'),
        { ...direct('bad', 'boom'), parent: 'whole' },
        { ...direct('long', 'slow'), parent: 'whole' },
        loop('tell', { dependsOn: ['whole'], needs: 'settled' }),
      ),
    })
    await env.advance(10_000)
    expect(briefs).toEqual([])
    slow.calls[0]?.end('found late')
    await env.settle()
    expect(briefs[0]).toContain('found late')
    expect(briefs[0]).toContain('it is broken')
  })

  test('waits for every element of a list of which one has failed', async () => {
    const slow = heldTool('slow', 'read')
    const { start, env, find } = planningWorld({
      tools: [...tools, slow.tool],
      planning: given,
      scripts: { others: ['told'] },
    })
    const sessionId = await start({
      plan: planOf(
        direct('list', 'list'),
        { ...direct('each', 'slow', { at: { $from: '$item' } }), forEach: { $from: 'list' } },
        loop('tell', { dependsOn: ['each'], needs: 'settled' }),
      ),
    })
    const begun = async () => (await find(sessionId, 'task_started')).map(({ taskId }) => taskId)
    slow.calls[0]?.fail(new Error('busy'))
    await env.settle()
    for (const attempt of [1, 2]) {
      await env.advance(10_000)
      slow.calls.at(-1)?.fail(new Error(`busy ${attempt}`))
      await env.settle()
    }
    expect(await begun()).not.toContain('tell')
    slow.calls[1]?.end(2)
    slow.calls[2]?.end(3)
    await env.settle()
    expect(await begun()).toContain('tell')
  })
})

describe('a plan that ends', () => {
  test('has said what it came to when a model is asked how to go about the next message', async () => {
    const slow = heldTool('slow', 'read')
    const asked: ModelRequest[] = []
    const model = scripted((request) => {
      asked.push(request)
      return request.purpose === 'route' ? { json: { route: 'direct', reason: 'short', confidence: 1 } } : 'hello'
    })
    const { start, runtime, env } = planningWorld({ model, tools: [slow.tool], planning: { planner: null } })
    const sessionId = await start({ plan: planOf(direct('a', 'slow')) })
    const text = 'Migrate the entire project to the new API, refactoring each module on the way.'
    const origin = { type: 'user', id: 'ada' } as const
    await runtime.send({ sessionId }, { type: 'send_message', text, trust: 'user', origin })
    slow.calls[0]?.end('what the plan found')
    await env.settle()
    expect(asked.map(({ purpose }) => purpose)).toEqual(['route', 'decide'])
    expect(JSON.stringify(asked.at(-1)?.messages)).toContain('what the plan found')
  })

  test('with a task that has nothing to say tells what was done', async () => {
    const quiet = anyTool('quiet', 'read', () => null)
    const { start, runtime } = planningWorld({ tools: [quiet], planning: given })
    const sessionId = await start({ plan: planOf(direct('file', 'quiet')) })
    expect((await runtime.result({ sessionId })).text).toBe('the sums: completed 1 of 1 tasks.\n- file')
  })

  test('with a call that a person has settled without an output tells what was done', async () => {
    const pay = anyTool('pay', 'unsafe', () => Promise.reject(new Error('cut off')))
    const { start, runtime, env } = planningWorld({ tools: [pay], planning: given })
    const sessionId = await start({
      plan: planOf(direct('bill', 'pay', { usd: 1 }), direct('rent', 'pay', { usd: 2 })),
    })
    for (const callId of ['c1', 'c2']) {
      const settle = { type: 'settle', callId, settlement: 'took_effect', by: 'ada' } as const
      expect(await runtime.send({ sessionId }, settle)).toMatchObject({ type: 'accepted' })
      await env.settle()
    }
    expect((await runtime.result({ sessionId })).text).toBe('the sums: completed 2 of 2 tasks.\n- bill\n- rent')
  })

  test('by the clock says what is done, and what is missing and why', async () => {
    const slow = heldTool('slow', 'read')
    const { start, env, runtime } = planningWorld({
      tools: [...tools, slow.tool],
      budget: { maxWallClockMs: 10_000 },
      planning: given,
    })
    const plan = planOf(
      direct('a', 'add', { left: 1, right: 2 }),
      direct('b', 'slow', {}, ['a']),
      direct('c', 'add', { left: 1, right: 2 }, ['b']),
    )
    const sessionId = await start({ plan })
    await env.advance(60_000)
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'failed', reason: 'wall_clock' },
      text: 'the sums: completed 1 of 3 tasks.\n\nNot done: b (cancelled: the session ended); c (not begun).',
    })
  })

  test('at the limit of its replans asks nobody any more, and puts together what there is', async () => {
    const bad = (n: number) => direct('a', 'boom', { n })
    const other = { ...direct('o', 'list'), accept: { schema: { type: 'string' } } }
    const rest = [other, { ...direct('t', 'add', { left: 1, right: 1 }, ['a', 'o']), needs: 'settled' as const }]
    const now = { maxRetries: 0, backoffMs: 0 }
    const { start, runtime, kinds } = planningWorld({
      scripts: { plan: [{ json: asJson([bad(1), ...rest]) }, { json: asJson([bad(2), ...rest]) }] },
      planning: {
        route: 'plan_and_subagent',
        router: null,
        maxReplans: 1,
        onPartial: 'ask',
        recovery: { tool_retryable: { action: 'replan', ...now }, invalid_output: { action: 'escalate', ...now } },
      },
    })
    const sessionId = await start()
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'failed', reason: 'replan_limit' } })
    const happened = await kinds(sessionId)
    expect(happened.lastIndexOf('approval_requested')).toBeLessThan(happened.lastIndexOf('recovery_chosen'))
    expect(happened.filter((kind) => kind === 'approval_resolved')).toHaveLength(1)
    expect((await runtime.plan({ sessionId }))?.tasks.map(({ status }) => status)).toEqual([
      'failed',
      'failed',
      'completed',
    ])
  })

  test('at the limit of its replans lets what does not need another plan come to its end', async () => {
    const slow = heldTool('slow', 'unsafe')
    const bad = (n: number) => direct('a', 'boom', { n })
    const scripts = {
      plan: [
        { json: asJson([bad(1), direct('s', 'slow'), direct('t', 'add', { left: 1, right: { $from: 's' } })]) },
        { json: asJson([bad(2), direct('t', 'add', { left: 1, right: { $from: 's' } })]) },
      ],
    }
    const { start, env, runtime } = planningWorld({
      tools: [...tools, slow.tool],
      scripts,
      planning: { ...replans, maxReplans: 1 },
    })
    const sessionId = await start()
    expect(slow.calls[0]?.context.signal.aborted).toBe(false)
    slow.calls[0]?.end(4)
    await env.settle()
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'failed', reason: 'replan_limit' },
      isPartial: true,
      unresolved: [],
      text: '5\n\nNot done: a (failed: boom: it is broken).',
    })
  })
})

describe('planning what is left', () => {
  test('needs no word of a failed parent of what is done', async () => {
    const parts = [
      { ...direct('c1', 'add', { left: 1, right: 2 }), parent: 'whole' },
      { ...direct('c2', 'boom', {}, ['c1']), parent: 'whole' },
    ]
    const rest = direct('c3', 'add', { left: { $from: 'c1' }, right: 4 })
    const scripts = { plan: [{ json: asJson([loop('whole'), ...parts]) }, { json: asJson([rest]) }] }
    const { start, find } = planningWorld({ scripts, planning: replans })
    const sessionId = await start()
    expect(await find(sessionId, 'plan_rejected')).toEqual([])
    expect((await find(sessionId, 'plan_proposed')).at(-1)?.tasks.map(({ id }) => id)).toEqual(['whole', 'c1', 'c3'])
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['c1', 'c3'])
  })

  test('by the same tasks that have failed is refused, also where those that are done are left out', async () => {
    const bad = direct('b', 'boom')
    const scripts = {
      plan: [
        { json: asJson([bad, direct('a', 'add', { left: 1, right: 2 })]) },
        { json: asJson([bad]) },
        { json: asJson([bad]) },
      ],
    }
    const { start, find } = planningWorld({ scripts, planning: replans })
    const codes = (await find(await start(), 'plan_rejected')).map(({ problems }) => problems.map(({ code }) => code))
    expect(codes).toEqual([['repeats_failed_plan'], ['repeats_failed_plan']])
  })

  test('is offered to nobody past its limit', async () => {
    const bad = (n: number) => ({ json: asJson([direct('a', 'boom', { n })]) })
    const { start, runtime, env } = planningWorld({
      scripts: { plan: [bad(1), bad(2)] },
      planning: {
        ...replans,
        maxReplans: 1,
        onPartial: 'ask',
        replanThreshold: 5,
        recovery: { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } },
      },
    })
    const sessionId = await start()
    const [first] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.answer({ sessionId, approvalId: first?.approvalId ?? '' }, 'ada', 'replan')
    await env.settle()
    const [second] = await runtime.approvals.list({ sessionId })
    expect([first, second].map((asked) => asked?.question?.options)).toEqual([
      ['retry', 'skip', 'abort', 'replan'],
      ['retry', 'skip', 'abort'],
    ])
  })
})

describe('a task', () => {
  test('never has the id of the session’s own, or of what is delegated', async () => {
    const { start } = planningWorld({ planning: given })
    for (const id of ['root', 'd-c1'])
      await expect(start({ plan: planOf(direct(id, 'list')) })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('is not allowed'),
      })
  })

  test('is done with its result, also where that came after its time', async () => {
    const slow = heldTool('slow', 'read')
    const { start, env, runtime } = planningWorld({
      tools: [slow.tool],
      planning: { ...given, taskTimeoutMs: 1_000 },
    })
    const sessionId = await start({ plan: planOf(direct('a', 'slow')) })
    const [call] = slow.calls
    call?.context.signal.addEventListener('abort', () => call.end('late but there'))
    await env.advance(1_100)
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'done' }, text: 'late but there' })
  })

  test('that has ended has no call of its run again: it is tried again as a whole', async () => {
    const hang = heldTool('hang', 'unsafe')
    const { start, env, runtime } = planningWorld({
      tools: [hang.tool],
      planning: { ...given, onPartial: 'ask', taskTimeoutMs: 1_000 },
    })
    const sessionId = await start({ plan: planOf(direct('a', 'hang')) })
    await env.advance(1_100)
    await env.advance(6_000)
    const settle = { type: 'settle', callId: 'c1', by: 'ada' } as const
    expect(await runtime.send({ sessionId }, { ...settle, settlement: 'run_again' })).toMatchObject({
      type: 'refused',
      code: 'invalid_input',
      message: expect.stringContaining('nobody waits for c1'),
    })
    expect(await runtime.send({ sessionId }, { ...settle, settlement: 'did_not_take_effect' })).toMatchObject({
      type: 'accepted',
    })
  })
})
