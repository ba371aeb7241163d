import { describe, expect, test } from 'vitest'
import type { Json, PlanTask } from '../core/index.ts'
import type { AnyTool, Policy } from '../ports/index.ts'
import { direct, loop, type PlanningWorld, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool, heldTool, openAll, policy } from './world.fixture.ts'

const given = { planner: null, router: null } as const

function carriedOut(tools: readonly AnyTool[], options: PlanningWorld = {}) {
  return planningWorld({ tools, ...options, planning: { ...given, ...options.planning } })
}

/** Tools that wait until the test ends them, one call each. */
function held(...names: readonly string[]) {
  const tools = names.map((name) => heldTool(name, 'read'))
  const begun = () => names.filter((_, index) => (tools[index]?.calls.length ?? 0) > 0)
  const end = (name: string, output?: unknown) => tools[names.indexOf(name)]?.calls[0]?.end(output)
  return { tools: tools.map(({ tool }) => tool), begun, end }
}

describe('what runs when', () => {
  test('never more at once than maxParallelTasks, and the next as soon as there is room', async () => {
    const { tools, begun, end } = held('a', 'b', 'c')
    const { start, env } = carriedOut(tools, { planning: { maxParallelTasks: 2 } })
    await start({ plan: planOf(direct('a', 'a'), direct('b', 'b'), direct('c', 'c')) })
    expect(begun()).toEqual(['a', 'b'])
    end('b')
    await env.settle()
    expect(begun()).toEqual(['a', 'b', 'c'])
  })

  test('the longest remaining path first, where run times are known', async () => {
    const { tools, begun } = held('short', 'long', 'last')
    const { start } = carriedOut(tools, { planning: { maxParallelTasks: 1 } })
    const plan = planOf(
      { ...direct('short', 'short'), expectedMs: 50 },
      { ...direct('long', 'long'), expectedMs: 20 },
      { ...direct('last', 'last', {}, ['long']), expectedMs: 40 },
    )
    await start({ plan })
    expect(begun()).toEqual(['long'])
  })

  test('an exclusive task alone', async () => {
    const { tools, begun, end } = held('a', 'alone', 'b')
    const { start, env } = carriedOut(tools)
    await start({ plan: planOf(direct('a', 'a'), { ...direct('alone', 'alone'), exclusive: true }, direct('b', 'b')) })
    expect(begun()).toEqual(['a'])
    end('a')
    await env.settle()
    expect(begun()).toEqual(['a', 'alone'])
    end('alone')
    await env.settle()
    expect(begun()).toEqual(['a', 'alone', 'b'])
  })

  test('an approval in one task keeps no other from starting, and waits for a person alone', async () => {
    const { tools } = planningTools()
    const ask: Policy = policy(() => ({ type: 'require_approval', reason: 'threshold' }), ['pay'])
    const { start, find, runtime, env } = carriedOut(tools, {
      policies: [openAll(tools), ask],
      planning: { maxParallelTasks: 1 },
    })
    const plan = planOf(
      direct('pays', 'pay', { usd: 5 }),
      direct('a', 'list'),
      direct('b', 'list', {}, ['a']),
      direct('after', 'list', {}, ['pays']),
    )
    const sessionId = await start({ plan })
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['a', 'b'])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'blocked', reason: 'approval' })
    const [asked] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.approve({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada')
    await env.settle()
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['a', 'b', 'pays', 'after'])
  })

  test('a task that takes too long is stopped, and has failed with timeout', async () => {
    const { tools } = held('slow')
    const { start, find, env } = carriedOut(tools, {
      planning: { recovery: { timeout: { action: 'skip', maxRetries: 0, backoffMs: 0 } } },
    })
    const sessionId = await start({ plan: planOf({ ...direct('slow', 'slow'), timeoutMs: 5_000 }) })
    await env.advance(20_000)
    expect(await find(sessionId, 'task_failed')).toMatchObject([
      { failure: 'timeout', message: 'it took longer than 5000 ms' },
    ])
    expect(await find(sessionId, 'task_finished')).toMatchObject([{ taskId: 'slow', status: 'skipped' }])
  })
})

describe('one child for each element', () => {
  const each: PlanTask = {
    ...direct('each', 'add', { left: { $from: '$item' }, right: 10 }),
    forEach: { $from: 'all' },
  }

  test('runs them side by side, and joins their results in order', async () => {
    const { start, runtime, find } = carriedOut(planningTools().tools)
    const sessionId = await start({ plan: planOf(direct('all', 'list'), each) })
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual([
      'all',
      'each/0',
      'each/1',
      'each/2',
    ])
    expect((await runtime.result({ sessionId })).text).toBe('[11,12,13]')
  })

  test('over an empty list it is done at once', async () => {
    const none = anyTool('none', 'read', () => [])
    const { start, runtime } = carriedOut([none, ...planningTools().tools])
    const plan = planOf(direct('all', 'none'), each, direct('after', 'list', {}, ['each']))
    expect((await runtime.result({ sessionId: await start({ plan }) })).text).toBe('[1,2,3]')
  })

  test('over more than maxFanOut, or over what is no list, it has failed with what was found', async () => {
    const many = anyTool('many', 'read', () => [1, 2, 3, 4])
    const { start, find, env } = carriedOut([many, ...planningTools().tools], { planning: { maxFanOut: 3 } })
    const tooMany = await start({ plan: planOf(direct('all', 'many'), each) })
    const noList = await start({ plan: planOf(direct('all', 'add', { left: 1, right: 2 }), each) })
    await env.advance(60_000)
    expect(await find(tooMany, 'task_failed')).toMatchObject([
      { failure: 'missing_input', message: '4 elements; at most 3 children are allowed' },
    ])
    expect(await find(noList, 'task_failed')).toMatchObject([{ message: 'there is no array at {"$from":"all"}' }])
  })

  test('a failed element fails it, and only what needs it', async () => {
    const fails = anyTool('fails_at_2', 'read', ({ n }) => {
      if (n === 2) throw new Error('no 2')
      return n as Json
    })
    const { start, env, runtime } = carriedOut([fails, ...planningTools().tools])
    const split: PlanTask = { ...direct('each', 'fails_at_2', { n: { $from: '$item' } }), forEach: { $from: 'all' } }
    const sessionId = await start({
      plan: planOf(direct('all', 'list'), split, direct('after', 'list', {}, ['each']), direct('free', 'list')),
    })
    await env.advance(60_000)
    const { text, isPartial } = await runtime.result({ sessionId })
    expect(isPartial).toBe(true)
    expect(text).toContain('after (unreachable because')
    expect(text).toContain('no 2')
  })
})

describe('parents', () => {
  const part = (id: string, tool: string, more: Partial<PlanTask> = {}): PlanTask => ({
    ...direct(id, tool, { left: 1, right: 1 }),
    parent: 'group',
    ...more,
  })

  test('are done with their children, and fail with a required one', async () => {
    const { start, find, runtime, env } = carriedOut(planningTools().tools)
    const fine = await start({
      plan: planOf(loop('group'), part('one', 'add'), part('two', 'add'), direct('after', 'list', {}, ['group'])),
    })
    expect((await find(fine, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['one', 'two', 'after'])
    const broken = await start({
      plan: planOf(loop('group'), part('one', 'add'), part('two', 'boom'), direct('after', 'list', {}, ['group'])),
    })
    await env.advance(60_000)
    expect((await find(broken, 'task_started')).map(({ taskId }) => taskId)).not.toContain('after')
    expect((await runtime.result({ sessionId: broken })).isPartial).toBe(true)
  })

  test('do not fail with an optional child', async () => {
    const { start, find, env } = carriedOut(planningTools().tools)
    const plan = planOf(
      loop('group'),
      part('one', 'add'),
      part('two', 'boom', { optional: true }),
      direct('after', 'list', {}, ['group']),
    )
    const sessionId = await start({ plan })
    await env.advance(60_000)
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)).toEqual(['one', 'after'])
  })
})

describe('results', () => {
  const skips = { recovery: { tool_retryable: { action: 'skip', maxRetries: 0, backoffMs: 0 } } } as const

  test('a skipped task lets those go on that do not need its result; the others are unreachable', async () => {
    const { start, find, runtime } = carriedOut(planningTools().tools, { planning: skips })
    const plan = planOf(
      direct('bad', 'boom'),
      direct('goes_on', 'list', {}, ['bad']),
      direct('needs_it', 'add', { left: { $from: 'bad' }, right: 1 }),
    )
    const sessionId = await start({ plan })
    expect((await find(sessionId, 'task_finished')).map(({ taskId, status }) => [taskId, status])).toEqual([
      ['bad', 'skipped'],
      ['goes_on', 'completed'],
    ])
    expect((await runtime.result({ sessionId })).text).toContain('needs_it (unreachable because bad was skipped)')
  })

  test('that a schema or a checker does not take are failures of the output, and are tried once more', async () => {
    const scripts = {
      tasks: { sum: [{ text: 'three' }, { text: '{"sum":3}' }], odd: [{ text: 'even' }, { text: 'odd' }] },
    }
    const checkers = { is_odd: (result: Json) => (result === 'odd' ? null : 'it is not odd') }
    const { start, find, runtime } = carriedOut(planningTools().tools, { scripts, planning: { checkers } })
    const schema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] }
    const plan = planOf(
      loop('sum', { accept: { schema } }),
      loop('odd', { accept: { checker: 'is_odd' } }),
      direct('after', 'add', { left: { $from: 'sum', path: '/sum' }, right: 1 }, ['odd']),
    )
    const sessionId = await start({ plan })
    expect((await find(sessionId, 'task_failed')).map(({ taskId, failure }) => [taskId, failure])).toEqual([
      ['sum', 'invalid_output'],
      ['odd', 'invalid_output'],
    ])
    expect((await runtime.result({ sessionId })).text).toBe('4')
  })

  test('that are not where a reference looks fail the task that needs them', async () => {
    const { start, find, env } = carriedOut(planningTools().tools)
    const sessionId = await start({
      plan: planOf(direct('all', 'list'), direct('sum', 'add', { left: { $from: 'all', path: '/9' }, right: 1 })),
    })
    await env.advance(60_000)
    expect(await find(sessionId, 'task_failed')).toMatchObject([{ taskId: 'sum', failure: 'missing_input' }])
  })
})

describe('an end in the middle of a plan', () => {
  test('a cancel stops what runs, and nothing else begins', async () => {
    const { tools, begun } = held('a', 'b')
    const { start, find, runtime, env } = carriedOut(tools, { planning: { maxParallelTasks: 1 } })
    const sessionId = await start({ plan: planOf(direct('a', 'a'), direct('b', 'b')) })
    await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    await env.advance(60_000)
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'cancelled', reason: 'cancelled' })
    expect(begun()).toEqual(['a'])
    expect(await find(sessionId, 'task_finished')).toMatchObject([{ taskId: 'a', status: 'cancelled' }])
  })

  test('a message after the time is over goes on with what was cut off', async () => {
    const slow = heldTool('slow', 'read')
    const { start, find, runtime, env } = carriedOut([slow.tool, ...planningTools().tools], {
      budget: { maxWallClockMs: 10_000 },
    })
    const sessionId = await start({ plan: planOf(direct('first', 'list'), direct('second', 'slow', {}, ['first'])) })
    await env.advance(60_000)
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'failed', reason: 'wall_clock' })
    await runtime.send(
      { sessionId },
      { type: 'send_message', text: 'go on', trust: 'user', origin: { type: 'user', id: 'ada' } },
    )
    await env.settle()
    slow.calls.at(-1)?.end('at last')
    await env.settle()
    expect((await find(sessionId, 'task_started')).map(({ taskId, attempt }) => [taskId, attempt])).toEqual([
      ['first', 1],
      ['second', 1],
      ['second', 2],
    ])
    expect((await find(sessionId, 'task_finished')).map(({ taskId, status }) => [taskId, status])).toEqual([
      ['first', 'completed'],
      ['second', 'cancelled'],
      ['second', 'completed'],
    ])
  })

  test('a message in the middle of a plan is gone about when the plan has ended', async () => {
    const slow = heldTool('slow', 'read')
    const scripts = { tasks: { root: ['You are welcome.'] } }
    const { start, runtime, env, find } = carriedOut([slow.tool], { scripts })
    const sessionId = await start({ plan: planOf(direct('a', 'slow')) })
    await runtime.send(
      { sessionId },
      { type: 'send_message', text: 'Thanks', trust: 'user', origin: { type: 'user', id: 'ada' } },
    )
    await env.settle()
    slow.calls[0]?.end('found')
    await env.settle()
    expect((await find(sessionId, 'route_chosen')).map(({ route }) => route)).toEqual(['plan_and_subagent', 'direct'])
    expect((await runtime.result({ sessionId })).text).toBe('You are welcome.')
  })
})
