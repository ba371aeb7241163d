/** What a start says of plans, against its types; and secrets that a planner has learned. */
import { describe, expect, test } from 'vitest'
import { scriptedTasks } from '../models/scripted.ts'
import { agent } from './define.ts'
import { direct, planOf } from './planning.fixture.ts'
import { secretsFrom } from './secrets-from.ts'
import { anyTool, openAll, world } from './world.fixture.ts'

const VALUE = 'w7Qk2vT9sXz41LmP'
const given = planOf(direct('a', 'look'))

function planned(...inputs: readonly object[]) {
  const seen: unknown[] = []
  const look = anyTool('look', 'read', (input) => seen.push(input), { secrets: ['KEY'] })
  const plans = inputs.map((input) => ({ json: { goal: 'g', tasks: [{ id: 'a', name: 'a', tool: 'look', input }] } }))
  const clerk = agent({
    name: 'clerk',
    instructions: 'You look.',
    // The script's plans are JSON.
    model: scriptedTasks({ plan: plans as never }),
    tools: [look],
    policies: [openAll([look])],
    planning: { route: 'plan_and_subagent', router: null },
  })
  return { ...world({ agents: [clerk], secrets: secretsFrom({ KEY: VALUE }) }), seen }
}

describe('a start with a plan', () => {
  test.each([
    ['a template without a plan', { template: 'report', plan: undefined }, 'invalid_input'],
    ['an option that there is not', { plans: [] }, 'invalid_input'],
    ['a template that is no text', { template: 5 }, 'invalid_input'],
    ['a template with half of a surrogate pair', { template: '\ud800' }, 'invalid_input'],
    ['a template that is longer than a name', { template: 'x'.repeat(257) }, 'too_large'],
    ['a template with the value of a secret', { template: `of ${VALUE}` }, 'holds_secret'],
    ['a route that throws when it is shown', { route: Object.create(null) }, 'invalid_input'],
    ['a plan with the value of a secret', { plan: planOf(direct('a', 'look', { key: VALUE })) }, 'holds_secret'],
  ])('is refused with a code: %s', async (_, options, code) => {
    const { runtime } = planned()
    // Against its type: that is the point.
    const start = runtime.start('clerk', { message: 'go', plan: given, ...(options as object) })
    await expect(start).rejects.toMatchObject({ name: 'StartError', code })
  })
})

test('a planner that writes the value of a secret is told so, and no call runs with a mark in its place', async () => {
  const { start, seen, log, find } = planned({ key: VALUE }, { key: 'secret://KEY' })
  const sessionId = await start()
  expect((await find(sessionId, 'plan_rejected'))[0]?.problems).toMatchObject([
    { code: 'invalid_input', tasks: ['a'], message: expect.stringContaining('the mark of a redacted value at "/key"') },
  ])
  expect(seen).toEqual([{ key: 'secret://KEY' }])
  expect(JSON.stringify(await log(sessionId))).not.toContain(VALUE)
})
