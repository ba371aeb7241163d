import { describe, expect, test } from 'vitest'
import { direct, planningWorld, planOf } from './planning.fixture.ts'
import type { Checker } from './planning-options.ts'

const stop = { action: 'escalate', maxRetries: 0, backoffMs: 0 } as const
const accepted = planOf({ ...direct('a', 'list'), accept: { checker: 'check' } })

function checkedBy(check: unknown) {
  // Against its type: that is the point of some.
  const checkers = { check: check as Checker }
  return planningWorld({ planning: { planner: null, router: null, checkers, recovery: { invalid_output: stop } } })
}

describe('a checker', () => {
  test.each([
    ['says what no log takes', () => 'bad \0 and \ud800', 'bad \uFFFD and \uFFFD'],
    ['throws', () => Promise.reject(new Error('no network')), 'it could not be checked: no network'],
    [
      'answers neither null nor text',
      () => true,
      'the checker "check" answered a boolean; it answers null where the result is one, else a sentence',
    ],
    ['forgets to answer', () => undefined, expect.stringContaining('answered nothing')],
    ['answers with what cannot be read', () => Object.create(null), expect.stringContaining('answered a object')],
    ['says a book', () => 'x'.repeat(3_000_000), expect.stringMatching(/^x{400,4000}/)],
  ])('that %s fails the task', async (_, check, message) => {
    const { start, find, problems } = checkedBy(check)
    const sessionId = await start({ plan: accepted })
    expect(await find(sessionId, 'task_failed')).toMatchObject([{ failure: 'invalid_output', message }])
    expect(problems).toEqual([])
  })

  test('that never answers fails the task in time, and keeps nobody from cancelling', async () => {
    const hanging = checkedBy(() => new Promise(() => {}))
    const sessionId = await hanging.start({ plan: accepted })
    await hanging.env.advance(60_000)
    const [failed] = await hanging.find(sessionId, 'task_failed')
    expect(failed?.message).toMatch(/^it could not be checked: checking the result took longer than \d+ ms$/)
    const cancelled = checkedBy(() => new Promise(() => {}))
    const other = await cancelled.start({ plan: accepted })
    await cancelled.runtime.send({ sessionId: other }, { type: 'cancel', by: 'ada' })
    await cancelled.env.settle()
    expect((await cancelled.runtime.result({ sessionId: other })).status).toMatchObject({ type: 'cancelled' })
  })
})

test.each([
  ['is none', { type: 'nonsense' }],
  ['refers to nothing', { $ref: '#/nowhere' }],
  ['has a pattern that cannot be read', { pattern: '(' }],
])('a plan with a schema of a result that %s is refused before anything runs', async (_, schema) => {
  const { start } = planningWorld({ planning: { planner: null, router: null } })
  const starting = start({ plan: planOf({ ...direct('a', 'pay'), accept: { schema } }) })
  await expect(starting).rejects.toMatchObject({ message: expect.stringContaining('invalid_schema (a)') })
})

test('a plan with an input that no call may have is refused before anything runs', async () => {
  const { start } = planningWorld({ planning: { planner: null, router: null } })
  const starting = start({ plan: planOf(direct('a', 'pay', { text: 'x'.repeat(270_000) })) })
  await expect(starting).rejects.toMatchObject({ code: 'invalid_input' })
})
