import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import { tool } from './define.ts'
import { SHOWN_CHARACTERS } from './sensitive-tool.ts'
import { calls, policy, world } from './world.fixture.ts'

const KEY = 'pk-3fa9c1d7e5b28460a1f3'

/** A payment of which nobody knows what came; a person says that it took effect, with this output. */
async function settledWith(output: Json) {
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    secrets: ['PAY_KEY'],
    input: z.object({}),
    output: z.object({ paid: z.boolean() }),
    run: () => Promise.reject(new Error('cut off')),
  })
  const { start, runtime, env, find } = world({
    script: [calls('pay'), 'done'],
    tools: [pay],
    policies: [policy(() => ({ type: 'allow' }))],
    secrets: () => KEY,
  })
  const sessionId = await start()
  const command = { type: 'settle', callId: 'c1', settlement: 'took_effect', by: 'ada', output } as const
  expect(await runtime.send({ sessionId }, command)).toMatchObject({ type: 'accepted' })
  await env.settle()
  return (await find(sessionId, 'call_settled'))[0]
}

test('an output of a person’s that its tool does not promise is shown with a warning', async () => {
  expect(await settledWith({ note: `with ${KEY}` })).toMatchObject({
    output: { note: 'with [redacted:PAY_KEY]' },
    presented: {
      warning: expect.stringContaining('not what it promises'),
      output: { note: 'with [redacted:PAY_KEY]' },
    },
  })
})

test.each([
  6,
  15,
  KEY.length - 1,
])('where it is cut behind %i characters of a secret, none of them is left', async (kept) => {
  const before = '{"note":"'.length
  const settled = await settledWith({ note: `${'x'.repeat(SHOWN_CHARACTERS - before - kept)}${KEY}${'x'.repeat(100)}` })
  expect(settled?.presented).toMatchObject({ output: expect.stringMatching(/x\[redacted:cut\]$/) })
  expect(JSON.stringify(settled)).not.toContain(KEY.slice(0, 6))
})
