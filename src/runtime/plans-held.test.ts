import { describe, expect, test } from 'vitest'
import { direct, planningTools, planningWorld, planOf } from './planning.fixture.ts'
import { heldTool, openAll, policy } from './world.fixture.ts'

const given = { planner: null, router: null } as const
const { tools } = planningTools()

describe('people who approve many at once', () => {
  const hold = policy(() => ({ type: 'require_approval', reason: 'money' }))
  const pays = (...ids: readonly string[]) => ids.map((id) => direct(id, 'pay', { id }))

  test('have no more tasks side by side than there may be', async () => {
    const pay = heldTool('pay', 'idempotent')
    const { start, runtime, env } = planningWorld({
      tools: [pay.tool],
      policies: [hold],
      planning: { ...given, maxParallelTasks: 2 },
    })
    const sessionId = await start({ plan: planOf(...pays('a', 'b', 'c', 'd', 'e')) })
    const asked = await runtime.approvals.list({ sessionId })
    expect(asked).toHaveLength(5)
    for (const { approvalId } of asked) await runtime.approvals.approve({ sessionId, approvalId }, 'ada')
    await env.settle()
    for (const [index, begun] of [2, 3, 4, 5, 5].entries()) {
      expect(pay.calls).toHaveLength(begun)
      pay.calls[index]?.end()
      await env.settle()
    }
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('keep nobody waiting behind a task that runs alone, which waits for them', async () => {
    const { start, runtime, env, find } = planningWorld({
      tools,
      policies: [hold, openAll(tools.filter(({ name }) => name !== 'pay'))],
      planning: { ...given, maxParallelTasks: 2 },
    })
    const alone = { ...direct('alone', 'list'), exclusive: true, expectedMs: 50 }
    const held = { ...direct('held', 'pay'), expectedMs: 99 }
    const sessionId = await start({ plan: planOf(held, alone, direct('b', 'list'), direct('c', 'list')) })
    const done = async () => (await find(sessionId, 'task_finished')).map(({ taskId }) => taskId)
    expect(await done()).toEqual(['b', 'c'])
    const [asked] = await runtime.approvals.list({ sessionId })
    await runtime.approvals.approve({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada')
    await env.settle()
    expect(await done()).toEqual(['b', 'c', 'held', 'alone'])
  })
})
