import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import { scripted, scriptedTasks } from '../models/scripted.ts'
import type { Model } from '../ports/index.ts'
import { agent, tool } from './define.ts'
import type { PlanningOptions } from './define-planning.ts'

import { openAll, world } from './world.fixture.ts'

const ran: object[] = []
const pay = tool({
  name: 'pay',
  description: 'Pays.',
  effect: 'idempotent',
  input: z.object({ card: z.string().meta({ sensitive: true }), usd: z.number() }),
  run: ({ card, usd }) => {
    ran.push({ card, usd })
    if (usd > 100) throw new Error('too much')
    return usd
  },
})
const CARD = '4111-1111-1111-1234'
const task = { id: 'a', name: 'a', dependsOn: [], tool: 'pay', input: { card: CARD, usd: 1 } }

function payers(model: Model, more: PlanningOptions = {}) {
  ran.length = 0
  const planning = {
    route: 'plan_and_subagent',
    router: null,
    onPartial: 'ask',
    recovery: { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } },
    ...more,
  } as const
  const clerk = agent({ name: 'clerk', instructions: '', model, tools: [pay], policies: [openAll([pay])], planning })
  return world({ agents: [clerk] })
}

async function shown({ runtime }: ReturnType<typeof payers>, sessionId: string): Promise<string> {
  const items: unknown[] = []
  for await (const item of runtime.watch({ sessionId }, { until: 'rest' })) items.push(item)
  return JSON.stringify(items)
}

describe('what is sensitive in the input of a direct task is shown to nobody', () => {
  test('in a plan that a caller gives', async () => {
    const around = payers(scripted(['done']))
    const text = await shown(around, await around.start({ plan: { goal: 'g', tasks: [task] } }))
    expect(text).toContain('task_finished')
    expect(text).not.toContain(CARD)
  })

  test('in the plan of a session, which has what became of each task', async () => {
    const around = payers(scripted(['done']))
    const sessionId = await around.start({ plan: { goal: 'g', tasks: [task] } })
    const view = await around.runtime.plan({ sessionId })
    expect(view).toMatchObject({ goal: 'g', version: 1, tasks: [{ status: 'completed', result: 1 }] })
    expect(JSON.stringify(view)).not.toContain(CARD)
    await expect(around.runtime.plan({ sessionId: 'nobody' })).rejects.toMatchObject({ code: 'unknown_session' })
  })

  test.each([
    ['a plan', { json: { goal: 'g', tasks: [task] } }],
    ['a plan that is none', { json: { goal: 'g', tasks: [{ ...task, id: 'a b' }] } }],
    ['a plan that is cut', `{"goal":"g","tasks":[{"tool":"pay","input":{"card":"${CARD}`],
  ])('in what a planner answers: %s', async (_, answer) => {
    const around = payers(scriptedTasks({ plan: [answer, answer, answer], others: ['done'] }))
    const text = await shown(around, await around.start())
    expect(text).toContain('model_responded')
    expect(text).not.toContain(CARD)
  })

  test('in a question about its failure, and in the input that a person wants it to be tried again with', async () => {
    const around = payers(scripted(['done']))
    const failing = { ...task, input: { card: CARD, usd: 200 } }
    const sessionId = await around.start({ plan: { goal: 'g', tasks: [failing] } })
    const [asked] = await around.runtime.approvals.list({ sessionId })
    expect(asked).toMatchObject({ subject: { type: 'task', taskId: 'a' }, tool: 'pay' })
    expect(JSON.stringify(asked)).not.toContain(CARD)
    const input: Json = { card: CARD, usd: 2 }
    await around.runtime.approvals.edit({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', input)
    await around.env.settle()
    const text = await shown(around, sessionId)
    expect(text).toContain('recovery_chosen')
    expect(text).not.toContain(CARD)
  })

  test('runs what a person has left as it was shown, in an edited plan and in the input of a failed task', async () => {
    const plan = { goal: 'g', tasks: [task] }
    const around = payers(scripted(['done']), { planReview: 'always' })
    const sessionId = await around.start({ plan })
    const [asked] = await around.runtime.approvals.list({ sessionId })
    const named = { sessionId, approvalId: asked?.approvalId ?? '' }
    const card = '[redacted:sensitive]'
    const misplaced = { goal: 'g', tasks: [{ ...task, id: 'other', input: { card, usd: 200 } }] }
    expect(await around.runtime.approvals.edit(named, 'ada', misplaced)).toMatchObject({ type: 'refused' })
    const edited = { goal: 'g', tasks: [{ ...task, input: { card, usd: 200 } }] }
    expect(await around.runtime.approvals.edit(named, 'ada', edited)).toMatchObject({ type: 'accepted' })
    await around.env.settle()
    const [failed] = await around.runtime.approvals.list({ sessionId })
    const again = { sessionId, approvalId: failed?.approvalId ?? '' }
    expect(await around.runtime.approvals.edit(again, 'ada', { card, usd: 5 })).toMatchObject({ type: 'accepted' })
    await around.env.settle()
    expect(ran).toEqual([
      { card: CARD, usd: 200 },
      { card: CARD, usd: 5 },
    ])
  })
})
