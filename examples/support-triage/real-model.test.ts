import { type FixtureMatch, LLMock } from '@copilotkit/aimock'
import type { Model } from 'pawl'
import { describe, expect, onTestFinished, test } from 'vitest'
import { modelFor } from './model.ts'
import { readRecording } from './recording.ts'
import { countRows, openDesk } from './triage.fixture.ts'
import { refundCasesOf } from './world/refund-cases.ts'

const { message, responses } = readRecording('double-charge-under-threshold')
const recordedTokens = responses.reduce(
  (sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
  0,
)

/** A server that speaks every provider's protocol, and answers with the recorded decisions. */
async function openProvider(): Promise<LLMock> {
  const provider = new LLMock({ port: 0 })
  for (const [index, { parts, usage }] of responses.entries()) {
    const content = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
    const toolCalls = parts.flatMap((part) =>
      part.type === 'call' ? [{ name: part.tool, arguments: JSON.stringify(part.input) }] : [],
    )
    const match: FixtureMatch = { userMessage: 'charged twice', hasToolResult: index > 0 }
    provider.on(match, { content, toolCalls, usage: everyProvidersUsage(usage) })
  }
  await provider.start()
  onTestFinished(() => provider.stop())
  return provider
}

/** The same numbers under the names of each provider. */
function everyProvidersUsage(usage: (typeof responses)[number]['usage']) {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {}
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
  }
}

type Service = readonly [model: string, modelAt: (url: string) => Promise<Model>]

const services: readonly Service[] = [
  ['openai/gpt-5-mini', (url) => modelFor({ OPENAI_API_KEY: 'mock', OPENAI_BASE_URL: `${url}/v1` })],
  ['anthropic/claude-sonnet-4-5', (url) => modelFor({ ANTHROPIC_API_KEY: 'mock', ANTHROPIC_BASE_URL: `${url}/v1` })],
  [
    'google/gemini-2.5-flash',
    (url) =>
      modelFor({
        GOOGLE_GENERATIVE_AI_API_KEY: 'mock',
        GOOGLE_GENERATIVE_AI_BASE_URL: `${url}/v1beta`,
      }),
  ],
]

describe.each(services)('the same agent on %s, over real HTTP', (id, modelAt) => {
  test('ends a double charge under the threshold with one case, and counts what it cost', async () => {
    const provider = await openProvider()
    const model = await modelAt(provider.url)
    const desk = openDesk({ model })
    const result = await desk.ask(message)
    expect(result).toMatchObject({ ending: { type: 'case_opened', caseId: 'RC-1002' }, turns: 2 })
    expect(refundCasesOf(desk.world, 'acct_1001')).toMatchObject([{ chargeId: 'ch_5005', amountUsd: 49 }])
    expect(countRows(desk.world, 'refund_attempts')).toBe(1)
    expect([model.id, model.isScripted ?? false]).toEqual([id, false])
    expect(result.spent.tokens).toBe(recordedTokens)
    expect(result.spent.costMicroUsd).toBeGreaterThan(0)
    expect(provider.getRequests()).toHaveLength(2)
  })

  test('and when the first request is turned away with 429', async () => {
    const provider = await openProvider()
    const desk = openDesk({ model: await modelAt(provider.url), limits: { transportBackoffMs: 1 } })
    provider.nextRequestError(429, { message: 'slow down' })
    const result = await desk.ask(message)
    expect(result).toMatchObject({ ending: { type: 'case_opened', caseId: 'RC-1002' }, turns: 2 })
    expect(provider.getRequests()).toHaveLength(3)
  })
})
