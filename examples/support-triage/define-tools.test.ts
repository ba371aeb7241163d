import { type ToolContext, ToolError } from 'pawl'
import { expect, test } from 'vitest'
import { supportTriage } from './agent.ts'
import { openRefundCaseTool, searchDocsTool } from './define-tools.ts'
import { modelFor, scriptedModel } from './model.ts'
import { openWorld } from './world/open-world.ts'
import { countRefundAttempts, refundCasesOf } from './world/refund-cases.ts'

const context: ToolContext = {
  tenant: 'default',
  sessionId: 's1',
  callId: 'c1',
  attempt: 1,
  idempotencyKey: 's1/c1',
  startBy: 0,
  signal: new AbortController().signal,
  context: {},
  secret: () => Promise.reject(new Error('this tool declares no secrets')),
  artifact: () => Promise.reject(new Error('there are no artifacts')),
  artifacts: async () => [],
}
const refund = { accountId: 'acct_1001', chargeId: 'ch_5005', amountUsd: 49, reason: 'Charged twice' }

test('the agent has exactly four tools, and says what repeating each would mean', () => {
  const { tools } = supportTriage({ world: openWorld(':memory:'), model: scriptedModel() })
  expect([...tools.values()].map(({ name, effect }) => [name, effect])).toEqual([
    ['search_docs', 'read'],
    ['lookup_billing_account', 'read'],
    ['open_refund_case', 'unsafe'],
    ['escalate_to_human', 'idempotent'],
  ])
})

test('a refund that was refused promises that nothing happened', async () => {
  const tool = openRefundCaseTool(openWorld(':memory:'))
  const refused = Promise.resolve(tool.run({ ...refund, chargeId: 'ch_0' }, context))
  await expect(refused).rejects.toThrow(ToolError)
  await expect(refused).rejects.toMatchObject({ tookEffect: false, retryable: false })
})

test('a refund that was stopped before the write promises the same', async () => {
  const world = openWorld(':memory:', { refundPause: { beforeWriteMs: 3_600_000 } })
  const controller = new AbortController()
  const stopped = Promise.resolve(openRefundCaseTool(world).run(refund, { ...context, signal: controller.signal }))
  controller.abort()
  await expect(stopped).rejects.toMatchObject({ tookEffect: false, retryable: true })
  expect(refundCasesOf(world, 'acct_1001')).toHaveLength(0)
})

test('verify finds a case by its key, and causes none', async () => {
  const world = openWorld(':memory:')
  const tool = openRefundCaseTool(world)
  const verify = (key: string) => tool.verify?.(key, { ...context, input: refund })
  expect(await verify('s1/c1')).toEqual({ tookEffect: false })
  const output = await tool.run(refund, context)
  expect(await verify('s1/c1')).toEqual({ tookEffect: true, output })
  expect(await verify('s1/c2')).toEqual({ tookEffect: false })
  expect(countRefundAttempts(world, 's1/c1')).toBe(1)
})

test('the trace is told how many pages were found', async () => {
  const tool = searchDocsTool(openWorld(':memory:'))
  const output = await tool.run({ query: 'charged twice' }, context)
  expect(tool.summarize?.(output)).toEqual({ matches: 3 })
})

test('without a key the model is the script, and says so', async () => {
  expect(await modelFor({})).toMatchObject({ id: 'scripted/support-triage', isScripted: true })
})

test('with a key the model is a real one', async () => {
  const { id, isScripted } = await modelFor({ ANTHROPIC_API_KEY: 'a key' })
  expect([id, isScripted ?? false]).toEqual(['anthropic/claude-sonnet-4-5', false])
  const wanted = {
    ANTHROPIC_API_KEY: 'a key',
    OPENAI_API_KEY: 'a key',
    TRIAGE_MODEL: 'anthropic/claude-haiku-4-5',
  }
  expect((await modelFor(wanted)).id).toBe('anthropic/claude-haiku-4-5')
  await expect(modelFor({ TRIAGE_MODEL: 'google/gemini-2.5-flash' })).rejects.toMatchObject({
    code: 'api_key_missing',
  })
})
