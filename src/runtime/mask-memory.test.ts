import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scripted, scriptedTasks } from '../models/scripted.ts'
import { agent, tool } from './define.ts'
import type { Processor } from './memory-options.ts'
import { retrieve, summarize, workingFacts } from './memory-options.ts'
import { collect, openAll, type World, world } from './world.fixture.ts'

const CARD = '4111-1111-1111-1234'
const pay = tool({
  name: 'pay',
  description: 'Pays.',
  effect: 'idempotent',
  input: z.object({ card: z.string().meta({ sensitive: true }), usd: z.number() }),
  run: ({ usd }) => `paid ${usd} ${'x'.repeat(300)}`,
})
const many = Array.from({ length: 9 }, (_, row) => ({ card: `${CARD}-${row}`, note: 'x'.repeat(2_000) }))
const cards = tool({
  name: 'cards',
  description: 'Reads.',
  effect: 'read',
  input: z.object({}),
  present: () => 'many cards',
  run: () => many,
})
const payment = (usd: number) => ({ calls: [{ tool: 'pay', input: { card: CARD, usd } }] })

/** All that a process shows which begins to read behind that event, which knows nothing of what stood before. */
async function shown({ store, env, runtime }: World, sessionId: string, after = 0): Promise<string> {
  const head = await store.head({ tenant: 'default', sessionId })
  if (after > (head?.version ?? 0)) return ''
  const reader = after === 0 ? runtime : world({ store, env, agents: [], isDriving: false }).runtime
  return JSON.stringify(await collect(reader.watch({ sessionId }, { until: 'rest', after })))
}

/** It quotes the input that it was given. */
const quoting: Processor = {
  process: ({ input }) => ({
    append_known_facts: [{ key: 'paid_with', value: { card: JSON.parse(JSON.stringify(input)).card } }],
    open_questions: [`Is ${CARD} the right card?`],
    answer_questions: [{ questionId: 'q1', answer: `The card is ${CARD}.` }],
  }),
}
const patch = (text: string) => JSON.stringify({ append_known_facts: [{ key: 'paid_with', value: text }] })
const done = [...[1, 2, 3, 4, 5, 6].map(payment), 'done']

describe('what is sensitive in an input is shown to nobody', () => {
  test.each([
    ['a fact, a question or an answer of a processor', quoting, {}, 'question_answered'],
    ['the patch of a model', { instructions: 'Note it.' }, { process: () => patch(`on ${CARD}`) }, 'fact_noted'],
    ['a patch that is refused', { instructions: 'Note it.' }, { process: () => patch(CARD.repeat(90)) }, 'problem'],
    [
      'the points of a compression',
      {
        process: ({ callId }: { callId: string }) => ({
          append_known_facts: [{ key: callId, value: `${CARD} ${callId}` }],
        }),
      },
      { compress: () => JSON.stringify({ points: [`Paid with ${CARD}.`, 'Paid.'] }) },
      'facts_compressed',
    ],
    [
      'a summary, and the passages that were looked up',
      undefined,
      { summarize: () => JSON.stringify({ asked: [`pay with ${CARD}`], decided: [], done: [], open: [] }) },
      'context_recalled',
    ],
  ] as const)('in %s', async (_, processor, scripts, kind) => {
    const memory = [summarize({ whenTokens: 400, keepTurns: 1 }), retrieve({ k: 3 }), workingFacts({ maxFacts: 2 })]
    const model = scriptedTasks({ tasks: { root: done }, ...scripts })
    const around = world({ model, tools: [pay], memory, ...(processor && { processor }) })
    const sessionId = await around.start({ message: 'pay' })
    const log = await around.log(sessionId)
    // The log itself has it there: it is the views that hide it.
    const own = log.filter(({ event }) => event.type === kind || kind in event)
    expect(own.length).toBeGreaterThan(0)
    expect(JSON.stringify(log.filter(({ event }) => !('judgement' in event)))).toContain(CARD)
    for (let after = 0; after < log.length; after += 1)
      expect(await shown(around, sessionId, after), `behind ${after}`).not.toContain(CARD)
  })

  test('in the input and the elements of tasks that were read in an artifact', async () => {
    const clerk = agent({
      name: 'clerk',
      instructions: '',
      model: scripted(['done']),
      tools: [pay, cards],
      policies: [openAll([pay, cards])],
      planning: { route: 'plan_and_subagent', router: null },
    })
    const around = world({ agents: [clerk] })
    const one = {
      id: 'one',
      name: 'one',
      dependsOn: [],
      tool: 'pay',
      input: { card: { $from: 'all', path: '/8/card' }, usd: 1 },
    }
    const card = { $from: '$item', path: '/card' }
    const all = { id: 'all', name: 'all', dependsOn: [], tool: 'cards', input: {} }
    const rest = {
      id: 'rest',
      name: 'rest',
      dependsOn: [],
      forEach: { $from: 'all', path: '' },
      tool: 'pay',
      input: { card, usd: 1 },
    }
    const sessionId = await around.start({ plan: { goal: 'g', tasks: [all, one, rest] } })
    const begun = await around.find(sessionId, 'task_started')
    const withInput = begun.find(({ input }) => input !== undefined)
    expect(withInput?.input).toMatchObject({ card: `${CARD}-8` })
    expect(begun.find(({ taskId }) => taskId === 'rest')?.items).toEqual(many)
    const text = await shown(around, sessionId)
    expect(text).toContain('"items":["[redacted:sensitive]"')
    expect(text).not.toContain(`${CARD}-8`)
  })
})

test('nor does a plan say it, whoever has made it', async () => {
  const first = { id: 'first', name: 'first', dependsOn: [], tool: 'pay', input: { card: CARD, usd: 1 } }
  const second = { id: 'second', name: `again with ${CARD}`, description: `on ${CARD}`, dependsOn: ['first'] }
  const plan = { goal: `charge ${CARD}`, notes: `it is ${CARD}`, tasks: [first, second] }
  const clerk = agent({
    name: 'clerk',
    instructions: '',
    model: scriptedTasks({
      tasks: { later: ['done'], second: ['done'] },
      process: [JSON.stringify({ replace_plan: plan })],
    }),
    tools: [pay],
    policies: [openAll([pay])],
    planning: { route: 'plan_and_subagent', router: null },
    processor: { instructions: 'Note it.' },
  })
  const around = world({ agents: [clerk] })
  const later = { id: 'later', name: 'later', dependsOn: ['first'] }
  const sessionId = await around.start({ plan: { goal: 'g', tasks: [first, later] } })
  const [, patched] = await around.find(sessionId, 'plan_proposed')
  expect(patched).toMatchObject({ goal: plan.goal, notes: plan.notes, cause: { type: 'patch', callId: 'c1' } })
  const log = await around.log(sessionId)
  for (let after = 0; after < log.length; after += 1)
    expect(await shown(around, sessionId, after), `behind ${after}`).not.toContain(CARD)
  const view = await around.runtime.plan({ sessionId })
  expect(view).toMatchObject({ version: 2, goal: 'charge [redacted:sensitive]' })
  expect(JSON.stringify(view)).not.toContain(CARD)
})

test('an ordinary value that stands in no marked field is shown', async () => {
  const noting: Processor = { process: () => ({ append_known_facts: [{ key: 'order', value: 'A-7 for 1 USD' }] }) }
  const around = world({ script: [payment(1), 'done'], tools: [pay], processor: noting })
  expect(await shown(around, await around.start())).toContain('A-7 for 1 USD')
})
