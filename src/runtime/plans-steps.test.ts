/** Steps of a flexible plan that are given to others, while the plan is replaced, reviewed or cut off. */
import { describe, expect, test } from 'vitest'
import type { Message } from '../core/index.ts'
import { type ScriptedDecision, scripted } from '../models/scripted.ts'
import type { ModelRequest } from '../ports/index.ts'
import { loop, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import type { PlanningOptions } from './planning-options.ts'
import { heldTool, type WorldOptions } from './world.fixture.ts'

const calls = (...asked: readonly (readonly [string, object])[]): ScriptedDecision => ({
  calls: asked.map(([tool, input]) => ({ tool, input: input as never })),
})
const plan = (...names: readonly string[]) =>
  ['plan', { goal: 'the sums', steps: names.map((name) => ({ name })) }] as const
const give = (step: number, name = 'part') =>
  ['delegate', { name, brief: 'Do it.', specialist: 'adder', step }] as const
const move = (step: number, status: string) => ['update_plan', { step, status }] as const

type Script = readonly ScriptedDecision[]
type Options = { readonly root: Script; readonly child?: Script; readonly planning?: PlanningOptions } & WorldOptions

function flexible({ root, child = ['done'], planning = {}, ...options }: Options) {
  const slow = heldTool('slow', 'read')
  const tools = [...planningTools().tools, slow.tool]
  const asked: ModelRequest[] = []
  const model = scripted((request) => {
    asked.push(request)
    const script = request.taskId === 'root' ? root : child
    return script[(request.purposeTurn ?? 1) - 1] ?? 'done'
  })
  const opened = planningWorld({
    ...options,
    model,
    tools,
    planning: { route: 'plan', planner: null, router: null, ...planning },
    specialists: [{ name: 'adder', domain: 'Adds.', instructions: 'Add.', tools: ['add', 'slow'] }],
  })
  return { ...opened, asked, slow }
}

const lastText = (messages: readonly Message[] = []) => {
  const last = messages.at(-1)
  return last?.role === 'user' ? last.text : ''
}

describe('a step that somebody else does', () => {
  test('is no step of a plan that took the place of its own meanwhile', async () => {
    const { start, find, slow, asked, env } = flexible({
      root: [calls(plan('look', 'add')), calls(give(1), plan('count', 'tell')), 'done'],
      child: [calls(['slow', {}]), 'looked'],
    })
    const sessionId = await start()
    slow.calls[0]?.end()
    await env.settle()
    expect((await find(sessionId, 'plan_adopted')).map(({ version }) => version)).toEqual([1, 2])
    expect((await find(sessionId, 'plan_step_moved')).map(({ status }) => status)).toEqual(['in_progress'])
    expect(lastText(asked.at(-1)?.messages)).toContain('1. [pending] count')
  })

  test('is given to nobody else', async () => {
    const { start, find, slow, env } = flexible({
      root: [calls(plan('look', 'add')), calls(give(1), give(1, 'again')), 'done'],
      child: [calls(['slow', {}]), 'looked'],
    })
    const sessionId = await start()
    slow.calls[0]?.end()
    await env.settle()
    expect((await find(sessionId, 'task_started')).map(({ taskId }) => taskId)).toEqual(['d-c2'])
    expect((await find(sessionId, 'call_finished')).find(({ callId }) => callId === 'c3')?.outcome).toEqual({
      type: 'terminal_error',
      message: 'somebody works on step 1 already; wait for what comes of it',
    })
  })

  test('is put back where the session ends before it is done', async () => {
    const { start, find, runtime, env } = flexible({
      root: [calls(plan('look', 'add')), calls(give(1)), 'done'],
      child: [calls(['slow', {}])],
    })
    const sessionId = await start()
    await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    await env.advance(10_000)
    expect((await find(sessionId, 'plan_step_moved')).map(({ status }) => status)).toEqual(['in_progress', 'pending'])
  })
})

describe('while people look at a plan', () => {
  const reviewed = { planReview: 'always' } as const

  test('that was given, nothing is done', async () => {
    const { start, asked, runtime, env } = flexible({ root: ['done'], planning: reviewed })
    const sessionId = await start({ plan: planOf(loop('one'), loop('two')) })
    expect(asked).toEqual([])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'blocked', reason: 'plan_review' })
    const [review] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.approve({ sessionId, approvalId: review?.approvalId ?? '' }, 'ada')
    await env.settle()
    expect(lastText(asked[0]?.messages)).toContain('1. [pending] one')
  })

  test('that replaces another, no step is moved: it is one of the plan that they let through', async () => {
    const { start, find, runtime, env } = flexible({
      root: [calls(plan('look')), calls(plan('count'), move(1, 'in_progress')), 'done'],
      planning: reviewed,
    })
    const sessionId = await start()
    for (const _ of [1, 2]) {
      expect(await find(sessionId, 'plan_step_moved')).toEqual([])
      const [review] = await runtime.approvals.list({ sessionId })
      await runtime.approvals.approve({ sessionId, approvalId: review?.approvalId ?? '' }, 'ada')
      await env.settle()
    }
    expect(await find(sessionId, 'plan_step_moved')).toMatchObject([{ taskId: 's1', status: 'in_progress' }])
    expect((await runtime.plan({ sessionId }))?.tasks).toMatchObject([
      { task: { name: 'count' }, status: 'in_progress' },
    ])
  })
})
