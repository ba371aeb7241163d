/** Plans that began under one definition of their agent, and go on under another. */
import { describe, expect, test } from 'vitest'
import type { GivenPlan, PlanTask } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import type { ModelRequest } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { agent } from './define.ts'
import { direct, loop, planOf } from './planning.fixture.ts'
import type { PlanningOptions, Specialist } from './planning-options.ts'
import { anyTool, collect, openAll, world } from './world.fixture.ts'

const researcher = { name: 'researcher', domain: 'Finds things.', instructions: 'Find.', tools: ['look', 'pay'] }
const stop = { action: 'escalate', maxRetries: 0, backoffMs: 0 } as const

type Definition = {
  readonly tools?: readonly string[]
  readonly specialists?: readonly Specialist[]
  readonly planning?: PlanningOptions | null
  readonly plans?: readonly object[]
}

/** Two processes over one store: the first is stopped before the second begins. */
function deploys() {
  const env = manualEnv()
  const store = memoryStore({ now: env.now })
  const asked: ModelRequest[] = []
  const ran: string[] = []
  const run = ({ tools: names = ['look', 'pay', 'boom'], specialists = [], planning = {}, plans = [] }: Definition) => {
    const effectOf = (name: string) => (name === 'pay' ? 'idempotent' : 'read')
    const tools = names.map((name) =>
      anyTool(name, effectOf(name), () => {
        ran.push(name)
        if (name === 'boom') throw new Error('it is broken')
        return name
      }),
    )
    let planned = 0
    const model = scripted((request) => {
      asked.push(request)
      if (request.purpose !== 'plan') return 'done'
      planned += 1
      return { json: (plans[planned - 1] ?? {}) as never }
    })
    const own = { router: null, onPartial: 'ask', recovery: { tool_retryable: stop }, ...planning } as const
    const clerk = agent({
      name: 'clerk',
      instructions: 'You work.',
      model,
      tools,
      policies: [openAll(tools)],
      specialists,
      ...(planning !== null && { planning: own }),
    })
    return world({ agents: [clerk], env, store })
  }
  return { run, asked, ran }
}

/** A plan that waits for a person when the first process stops, and is approved in the second. */
async function approvedAfter(plan: GivenPlan, before: Definition, after: Definition) {
  const { run, asked, ran } = deploys()
  const review = { planReview: 'always' } as const
  const first = run({ ...before, planning: review })
  const sessionId = await first.start({ plan })
  await first.runtime.stop()
  const second = run({ ...after, planning: { planner: null, ...review } })
  const [approval] = await second.runtime.approvals.list({ sessionId })
  await second.runtime.approvals.approve({ sessionId, approvalId: approval?.approvalId ?? '' }, 'ada')
  await second.env.settle()
  return { ...second, sessionId, asked, ran }
}

/** A plan that is carried out when the first process stops: its task begins in the second, when the one before it is skipped. */
async function begunAfter(task: PlanTask, before: Definition, after: Definition) {
  const { run, asked, ran } = deploys()
  const first = run(before)
  const sessionId = await first.start({ plan: planOf(direct('x', 'boom'), { ...task, dependsOn: ['x'] }) })
  await first.runtime.stop()
  const second = run({ ...after, planning: { planner: null } })
  const [question] = await second.runtime.approvals.list({ sessionId })
  await second.runtime.approvals.answer({ sessionId, approvalId: question?.approvalId ?? '' }, 'ada', 'skip')
  await second.env.settle()
  const failed = (await second.find(sessionId, 'task_failed')).filter(({ taskId }) => taskId === task.id)
  return { failed, asked, ran }
}

describe('after a deploy', () => {
  test('a task whose specialist is gone is nobody else’s: its plan is stale', async () => {
    const task = loop('a', { specialist: 'researcher', tools: ['pay'] })
    const { failed, asked } = await begunAfter(task, { specialists: [researcher] }, {})
    expect(asked).toEqual([])
    expect(failed).toMatchObject([
      { failure: 'stale_plan', message: 'unknown_specialist: agent clerk has no specialist researcher any more' },
    ])
  })

  test('a direct task makes no call with a tool that its specialist has lost', async () => {
    const task = { ...direct('a', 'pay'), specialist: 'researcher' }
    const after = { specialists: [{ ...researcher, tools: ['look'] }] }
    const { failed, ran } = await begunAfter(task, { specialists: [researcher] }, after)
    expect(ran).toEqual(['boom'])
    expect(failed).toMatchObject([{ failure: 'stale_plan' }])
  })

  test('a plan that is approved then is looked at as the agent is now: nothing of one that cannot be carried out runs', async () => {
    const plan = planOf(direct('a', 'look'), loop('b', { specialist: 'researcher', tools: ['pay'] }))
    const { find, sessionId, runtime, ran } = await approvedAfter(plan, { specialists: [researcher] }, {})
    expect((await find(sessionId, 'plan_rejected'))[0]?.problems).toMatchObject([
      { code: 'unknown_specialist', tasks: ['b'] },
    ])
    expect(await find(sessionId, 'plan_adopted')).toEqual([])
    expect(ran).toEqual([])
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'failed' })
  })

  test('a plan that is approved then, and can be carried out, is asked about once', async () => {
    const { find, sessionId, runtime, ran } = await approvedAfter(planOf(direct('a', 'look')), {}, {})
    expect(await find(sessionId, 'approval_requested')).toHaveLength(1)
    expect(ran).toEqual(['look'])
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('what is left can be planned anew, though the tool of a completed task is gone', async () => {
    const { run, ran } = deploys()
    const first = run({ tools: ['look', 'boom'] })
    const sessionId = await first.start({ plan: planOf(direct('a', 'look'), direct('b', 'boom', {}, ['a'])) })
    await first.runtime.stop()
    const second = run({ tools: ['boom', 'pay'], plans: [{ goal: 'g', tasks: [direct('c', 'pay', {}, ['a'])] }] })
    const [asked] = await second.runtime.approvals.list({ sessionId })
    await second.runtime.approvals.answer({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', 'replan')
    await second.env.settle()
    expect(await second.find(sessionId, 'plan_rejected')).toEqual([])
    expect(ran).toEqual(['look', 'boom', 'pay'])
    expect((await second.runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test.each([
    ['planner', { route: 'plan_and_subagent' }, { planner: null }, 'no_planner'],
    ['router', { router: undefined as never }, {}, 'no_router'],
  ] as const)('nobody is asked in the place of the %s that there is no more', async (_, before, after, code) => {
    const { run, asked } = deploys()
    const first = run({ planning: { planner: undefined as never, ...before } })
    await first.runtime.stop()
    const message = 'Migrate the entire project to the new API, refactoring each module on the way, please.'
    const { sessionId } = await first.runtime.start('clerk', { message })
    const { env, find } = run({ planning: after })
    await env.advance(1_000)
    expect((await find(sessionId, 'model_failed'))[0]).toMatchObject({ error: { code, retryable: false } })
    expect(asked.filter(({ purpose }) => purpose !== 'decide')).toEqual([])
    expect((await find(sessionId, 'session_ended')).length).toBe(1)
  })

  test('a task can still say that it cannot be done, where the agent plans no more', async () => {
    const { run, asked } = deploys()
    const first = run({})
    await first.runtime.stop()
    const { sessionId } = await first.runtime.start('clerk', { message: 'go', plan: planOf(loop('a')) })
    const failing = { calls: [{ tool: 'fail_task', input: { class: 'missing_input', reason: 'no file' } }] }
    const tools = [anyTool('look', 'read', () => 1)]
    const model = scripted((request) => {
      asked.push(request)
      return failing
    })
    const clerk = agent({ name: 'clerk', instructions: 'You work.', model, tools })
    const { find, env } = world({ agents: [clerk], env: first.env, store: first.store })
    await env.settle()
    expect(asked[0]?.tools.map(({ name }) => name)).toContain('fail_task')
    expect(await find(sessionId, 'task_failed')).toMatchObject([{ failure: 'missing_input', message: 'no file' }])
  })

  test('what a new tool marks as sensitive is hidden also from those who know no definition that has it', async () => {
    const env = manualEnv()
    const store = memoryStore({ now: env.now })
    const input = { card: '4111-1111-1111-1234' }
    const model = scripted([{ json: { goal: 'g', tasks: [{ id: 'a', name: 'a', tool: 'wire', input }] } }])
    const planning = { route: 'plan_and_subagent', router: null } as const
    const wire = anyTool('wire', 'read', () => 'sent', { sensitive: ['/card'] })
    const defined = (...tools: Parameters<typeof openAll>[0]) =>
      agent({ name: 'clerk', instructions: '', model, tools, policies: [openAll(tools)], planning })
    const first = world({ agents: [defined()], env, store, isDriving: false })
    const { sessionId } = await first.runtime.start('clerk', { message: 'go' })
    const second = world({ agents: [defined(wire)], env, store })
    await env.settle()
    expect(await second.find(sessionId, 'task_finished')).toMatchObject([{ taskId: 'a', status: 'completed' }])
    const items = await collect(first.runtime.watch({ sessionId }))
    expect(JSON.stringify(items)).toContain('[redacted:sensitive]')
    expect(JSON.stringify(items)).not.toContain(input.card)
  })
})
