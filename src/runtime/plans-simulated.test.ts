/** What simulation has found in how plans are carried out: each as the smallest session that shows it. */
import { describe, expect, test } from 'vitest'
import { defaultLimits, type Json, type PlanTask } from '../core/index.ts'
import { type ScriptedDecision, scripted } from '../models/scripted.ts'
import { direct, loop, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import type { PlanningOptions } from './planning-options.ts'
import { anyTool, heldTool } from './world.fixture.ts'

const given = { planner: null, router: null } as const
const asJson = (tasks: readonly PlanTask[]): Json => ({ goal: 'the sums', tasks: tasks as unknown as Json })
const control = (tool: string, input: object) => ({ tool, input: input as never })
const add = (id: string, more: Partial<PlanTask> = {}): PlanTask => ({
  ...direct(id, 'add', { left: 1, right: 2 }),
  ...more,
})

/** A flexible plan whose model says this, turn by turn. */
function flexible(script: readonly ScriptedDecision[], planning: PlanningOptions = {}) {
  const model = scripted(({ purposeTurn = 1 }) => script[purposeTurn - 1] ?? 'done')
  return planningWorld({ model, planning: { route: 'plan', ...given, ...planning } })
}

const steps = control('plan', { goal: 'the sums', steps: [{ name: 'look' }, { name: 'add' }] })
const begin = (step: number) => control('update_plan', { step, status: 'in_progress' })

describe('a plan that was simulated', () => {
  test('has parents of parents in front of their children: each leaf runs once', async () => {
    const { start, find, runtime } = planningWorld({ planning: given })
    const plan = planOf(loop('whole'), loop('part', { parent: 'whole' }), add('leaf', { parent: 'part' }))
    const sessionId = await start({ plan })
    expect((await find(sessionId, 'task_started')).map(({ taskId }) => taskId)).toEqual(['leaf'])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })

  test('says its results in one order of keys, whoever has read them (P12)', async () => {
    const tools = [anyTool('give', 'read', () => ({ zone: 1, area: 2 }))]
    const { start, runtime } = planningWorld({ tools, planning: given })
    const sessionId = await start({ plan: planOf(direct('a', 'give')) })
    expect((await runtime.result({ sessionId })).text).toBe('{"area":2,"zone":1}')
  })

  test('goes on with the rest when a person has a failed part tried again', async () => {
    const { tools } = planningTools(1)
    const terms = {
      ...given,
      onPartial: 'ask',
      recovery: { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } },
    } as const
    const { start, find, runtime, env } = planningWorld({ tools, planning: terms })
    const plan = planOf(
      loop('whole'),
      { ...direct('flaky', 'flaky'), parent: 'whole' },
      add('beside', { parent: 'whole' }),
      add('after', { dependsOn: ['whole'] }),
    )
    const sessionId = await start({ plan })
    const [asked] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.answer({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', 'retry')
    await env.advance(1_000)
    expect((await find(sessionId, 'task_finished')).map(({ taskId }) => taskId).sort()).toEqual([
      'after',
      'beside',
      'flaky',
    ])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })

  test('never sets aside more than the budget has for requests side by side (P10)', async () => {
    const { start, find } = planningWorld({
      planning: { ...given, maxParallelTasks: 4 },
      scripts: { others: () => 'done' },
      budget: { maxTokens: 6_000, whenExhausted: 'block' },
    })
    const sessionId = await start({ plan: planOf(loop('a'), loop('b'), loop('c'), loop('d')) })
    const started = await find(sessionId, 'model_started')
    const first = started.filter(({ contextSeq }) => contextSeq === started[0]?.contextSeq)
    expect(first.length).toBeGreaterThan(1)
    expect(first.reduce((sum, { reserved }) => sum + reserved.tokens, 0)).toBeLessThanOrEqual(6_000)
  })

  test('ends for want of tokens, and not as if it were done', async () => {
    const { start, find } = planningWorld({
      planning: given,
      scripts: { others: () => 'done' },
      budget: { maxTokens: 100, whenExhausted: 'stop' },
    })
    const sessionId = await start({ plan: planOf(loop('a')) })
    expect(await find(sessionId, 'session_ended')).toMatchObject([{ reason: 'token_budget' }])
    expect(await find(sessionId, 'task_finished')).toMatchObject([{ taskId: 'a', status: 'cancelled' }])
  })
})

describe('a failure that was simulated', () => {
  const recovery = { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } } as const

  test('asks people about every failed task when the planner has no plan for them', async () => {
    const scripts = { plan: [{ json: asJson([direct('a', 'boom'), direct('b', 'boom')]) }, 'none', 'none', 'none'] }
    const { start, find, env } = planningWorld({
      scripts,
      planning: { route: 'plan_and_subagent', onPartial: 'ask', replanThreshold: 2, recovery },
    })
    const sessionId = await start()
    await env.advance(1_000)
    const asked = await find(sessionId, 'approval_requested')
    expect(asked.map(({ subject }) => (subject?.type === 'task' ? subject.taskId : ''))).toEqual(['a', 'b'])
  })

  test('takes nothing from under an element that runs, and no element is done again', async () => {
    const work = heldTool('work', 'read')
    const tools = [anyTool('list', 'read', () => [1, 2, 3]), work.tool]
    const each: PlanTask = { ...direct('each', 'work', { n: { $from: '$item' } }), forEach: { $from: 'all' } }
    const scripts = {
      plan: [{ json: asJson([direct('all', 'list'), each]) }, { json: asJson([direct('more', 'list')]) }],
    }
    const { start, find, runtime, env } = planningWorld({
      tools,
      scripts,
      planning: { route: 'plan_and_subagent', recovery },
    })
    const sessionId = await start()
    work.calls[0]?.end('one')
    await env.settle()
    work.calls[1]?.fail(new Error('busy'))
    await env.settle()
    work.calls[2]?.end('three')
    await env.settle()
    work.calls[3]?.end('two')
    await env.settle()
    const started = (await find(sessionId, 'task_started')).filter(({ taskId }) => taskId.startsWith('each/'))
    expect(started.map(({ taskId, attempt }) => [taskId, attempt])).toEqual([
      ['each/0', 1],
      ['each/1', 1],
      ['each/2', 1],
      ['each/1', 2],
    ])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })

  test('of a task that cannot even begin again is one failure, and not one after the other', async () => {
    const once = { missing_input: { action: 'retry', maxRetries: 1, backoffMs: 100 } } as const
    const { start, find, env } = planningWorld({ planning: { ...given, recovery: once } })
    const missing = direct('b', 'add', { left: { $from: 'a', path: '/nothing' }, right: 2 }, ['a'])
    const sessionId = await start({ plan: planOf(add('a'), missing) })
    await env.advance(10_000)
    expect((await find(sessionId, 'task_failed')).map(({ taskId, attempt }) => [taskId, attempt])).toEqual([
      ['b', 1],
      ['b', 2],
    ])
  })

  test('that its planner has given up on is not planned for any more when a person has decided', async () => {
    const planner = Promise.withResolvers<ScriptedDecision>()
    let asked = 0
    const model = scripted(({ purpose }) => {
      if (purpose !== 'plan') return 'done'
      asked += 1
      return asked === 1 ? { json: asJson([direct('a', 'boom'), add('b', { dependsOn: ['a'] })]) } : planner.promise
    })
    const { start, find, runtime, env } = planningWorld({
      model,
      planning: {
        route: 'plan_and_subagent',
        router: null,
        onPartial: 'ask',
        recovery: { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } },
      },
    })
    const sessionId = await start()
    const answer = async (text: string) => {
      const [open] = await runtime.approvals.list({ sessionId })
      return runtime.approvals.answer({ sessionId, approvalId: open?.approvalId ?? '' }, 'ada', text)
    }
    await answer('replan')
    await env.settle()
    planner.resolve('no plan')
    await env.advance(1_000)
    await answer('skip')
    await env.advance(1_000)
    expect((await find(sessionId, 'task_finished')).map(({ taskId, status }) => [taskId, status])).toEqual([
      ['a', 'skipped'],
      ['b', 'completed'],
    ])
    // The first plan, and every attempt at another.
    expect(asked).toBe(1 + defaultLimits.maxPlanAttempts)
  })
})

describe('a flexible plan that was simulated', () => {
  test('has one step in progress, also where one turn begins two', async () => {
    const { start, find } = flexible([{ calls: [steps] }, { calls: [begin(1), begin(2)] }, 'done'])
    const sessionId = await start()
    expect((await find(sessionId, 'plan_step_moved')).map(({ taskId }) => taskId)).toEqual(['s1'])
    expect((await find(sessionId, 'call_finished')).at(-1)?.outcome).toMatchObject({ type: 'terminal_error' })
  })

  test('is one plan, also where one turn makes two', async () => {
    const { start, find, runtime } = flexible([{ calls: [steps, steps] }, 'done'])
    const sessionId = await start()
    expect((await find(sessionId, 'plan_proposed')).map(({ version }) => version)).toEqual([1])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })

  test('is answered as a person has edited it', async () => {
    const { start, find, runtime, env } = flexible([{ calls: [steps] }, 'done'], { planReview: 'always' })
    const sessionId = await start()
    const [asked] = await runtime.approvals.list({ sessionId })
    const edited = { goal: 'the sums', tasks: [{ id: 's1', name: 'add', dependsOn: [] }] }
    await runtime.approvals.edit({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', edited)
    await env.advance(1_000)
    expect((await find(sessionId, 'call_finished'))[0]?.outcome).toEqual({
      type: 'ok',
      output: { version: 2, steps: 1 },
    })
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'done', reason: 'final_answer' })
  })
})
