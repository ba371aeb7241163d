import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import { scripted, scriptedTasks } from '../models/scripted.ts'
import type { Model } from '../ports/index.ts'
import { agent, tool } from './define.ts'
import type { PlanningOptions } from './planning-options.ts'

import { openAll, world } from './world.fixture.ts'

const ran: object[] = []
const pay = tool({
  name: 'pay',
  description: 'Pays.',
  effect: 'idempotent',
  input: z.object({
    card: z
      .string()
      .refine((card) => !card.startsWith('9'), { error: ({ input }) => `${input} is blocked` })
      .meta({ sensitive: true }),
    usd: z.number().default(1),
  }),
  run: ({ card, usd }) => {
    ran.push({ card, usd })
    if (usd > 100) throw new Error('too much')
    return usd
  },
})
const CARD = '4111-1111-1111-1234'
const BLOCKED = '9111-1111-1111-1234'
/** Marks nothing. */
const cards = tool({ name: 'cards', description: 'Reads.', effect: 'read', input: z.object({}), run: () => [CARD] })
const task = { id: 'a', name: 'a', dependsOn: [], tool: 'pay', input: { card: CARD, usd: 1 } }
const usd = tool({ name: 'usd', description: 'Reads.', effect: 'read', input: z.object({}), run: () => 200 })

function payers(model: Model, more: PlanningOptions = {}) {
  ran.length = 0
  const planning = {
    route: 'plan_and_subagent',
    router: null,
    onPartial: 'ask',
    recovery: { tool_retryable: { action: 'escalate', maxRetries: 0, backoffMs: 0 } },
    ...more,
  } as const
  const clerk = agent({
    name: 'clerk',
    instructions: '',
    model,
    tools: [pay, cards, usd],
    policies: [openAll([pay])],
    planning,
  })
  return world({ agents: [clerk] })
}

async function shown({ runtime }: ReturnType<typeof payers>, sessionId: string, after = 0): Promise<string> {
  const items: unknown[] = []
  for await (const item of runtime.watch({ sessionId }, { until: 'rest', after })) items.push(item)
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
    ['a plan behind words with a quote in them', `A 5" pipe. {"tool":"pay","input":{"card":"${CARD}"}}`],
    ['a plan with an input that is text', { json: { goal: 'g', tasks: [{ ...task, input: `{"card":"${CARD}"}` }] } }],
    ['a plan that names two tools for one input', `{"tool":"pay","input":{"card":"${CARD}"},"tool":"cards"}`],
    ['a plan that is nested too deep to be read', `${'['.repeat(20_000)}"pay ${CARD}"`],
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

  test('in an answer that stands in two parts', async () => {
    const texts = ['{"tool":"pay",', `"input":{"card":"${CARD}"}}`]
    const parts = texts.map((text) => ({ type: 'text', text }) as const)
    const response = { parts, finish: 'stop', usage: null } as const
    const around = payers({ id: 'test/parts', price: null, generate: async () => response })
    expect(await shown(around, await around.start())).not.toContain(CARD)
  })

  test('in an answer whose request stands before the place where a reader begins', async () => {
    const around = payers(scriptedTasks({ plan: [{ json: { goal: 'g', tasks: [task] } }], others: ['done'] }))
    const sessionId = await around.start()
    const asked = (await around.kinds(sessionId)).indexOf('model_started') + 1
    const text = await shown(around, sessionId, asked)
    expect(text).toContain('model_responded')
    expect(text).not.toContain(CARD)
  })

  test('in the inputs of the children of a task with forEach, and in what people make of them', async () => {
    const around = payers(scripted(['done']))
    const each = { id: 'all', name: 'all', forEach: { $from: 'cards' }, tool: 'pay' }
    const tasks = [
      { id: 'cards', name: 'cards', tool: 'cards', input: {} },
      { ...each, input: { card: { $from: '$item' }, usd: { $from: 'usd' } } },
      { id: 'usd', name: 'usd', tool: 'usd', input: {} },
    ]
    const sessionId = await around.start({ plan: { goal: 'g', tasks } })
    const [asked] = await around.runtime.approvals.list({ sessionId })
    expect(asked).toMatchObject({ subject: { type: 'task', taskId: 'all/0' } })
    const named = { sessionId, approvalId: asked?.approvalId ?? '' }
    await around.runtime.approvals.edit(named, 'ada', { card: CARD })
    await around.env.settle()
    expect(ran.at(-1)).toEqual({ card: CARD, usd: 1 })
    for (const after of [0, (await around.kinds(sessionId)).indexOf('approval_requested') + 1]) {
      const items = JSON.parse(await shown(around, sessionId, after)) as readonly { readonly event: object }[]
      const inputs = items.filter(({ event }) => JSON.stringify(event).includes('"card"'))
      expect(inputs.length).toBeGreaterThanOrEqual(3)
      expect(JSON.stringify(inputs)).not.toContain(CARD)
    }
  })

  test('in the input of a task that a later version would have made another call of', async () => {
    const failing = { ...task, input: { card: CARD, usd: 200 } }
    const other = { json: { goal: 'g', tasks: [{ ...task, tool: 'cards', input: {}, dependsOn: ['nobody'] }] } }
    const around = payers(scriptedTasks({ plan: [other, other, other], others: ['done'] }), {
      recovery: { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } },
    })
    const sessionId = await around.start({ plan: { goal: 'g', tasks: [failing] } })
    const [asked] = await around.runtime.approvals.list({ sessionId })
    await around.runtime.approvals.edit({ sessionId, approvalId: asked?.approvalId ?? '' }, 'ada', { card: CARD })
    await around.env.settle()
    expect(ran.at(-1)).toEqual({ card: CARD, usd: 1 })
    for (const after of [0, (await around.kinds(sessionId)).indexOf('plan_rejected')]) {
      const text = await shown(around, sessionId, after)
      expect(text).toContain('recovery_chosen')
      expect(text).not.toContain(CARD)
    }
  })

  test('in what a schema says of it, and in what a planner has to leave as it was', async () => {
    const blocked = { json: { goal: 'g', tasks: [{ ...task, input: { card: BLOCKED, usd: 'a' } }] } }
    const first = payers(scriptedTasks({ plan: [blocked, blocked, blocked], others: ['done'] }))
    const said = await shown(first, await first.start())
    expect(said).toContain('card does not fit')
    expect(said).toContain('usd Invalid input: expected number, received string')
    expect(said).not.toContain(BLOCKED)
    const failing = { ...task, id: 'b', dependsOn: ['a'], input: { card: CARD, usd: 200 } }
    const changed = { json: { goal: 'g', tasks: [{ ...task, name: 'changed' }] } }
    const second = payers(scriptedTasks({ plan: [changed, changed, changed], others: ['done'] }), {
      recovery: { tool_retryable: { action: 'replan', maxRetries: 1, backoffMs: 0 } },
    })
    const told = await shown(second, await second.start({ plan: { goal: 'g', tasks: [task, failing] } }))
    expect(told).toContain('pinned_changed')
    expect(told).toContain('Leave it out: it stays as it is')
    expect(told).not.toContain(CARD)
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
