import assert from 'node:assert/strict'
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { describe, test } from 'vitest'
import type { AssistantPart, Json, JsonObject, Message, ModelResponse } from '../core/index.ts'
import { type Model, type ModelOutput, ModelRequestError } from '../ports/index.ts'
import { modelConformance, type ProviderAnswer } from '../testing/model-conformance.ts'
import { aiSdk } from './ai-sdk.ts'

for (const takesOutputSchema of [true, false]) {
  modelConformance(
    takesOutputSchema ? 'aiSdk' : 'aiSdk that tells of schemas in words',
    {
      sendsPrompts: true,
      async open(answers) {
        const { model, seen } = fake((request) => streamOf(answers[request]))
        return {
          model: aiSdk(model, { takesOutputSchema }),
          sent: () => seen.map(({ prompt }) => neutral(prompt)),
          sentOutputs: () => seen.map(outputOf),
          close: async () => {},
        }
      },
    },
    { describe, test },
  )
}

describe('aiSdk', () => {
  test('keeps the signature that came last, and opens a new part for a text that begins again', async () => {
    const { parts } = await ask([
      { type: 'reasoning-start', id: '0', providerMetadata: { maker: { itemId: 'i' } } },
      { type: 'reasoning-delta', id: '0', delta: 'so' },
      { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: { maker: { signature: 's' } } },
      { type: 'reasoning-end', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'one' },
      { type: 'text-end', id: '0' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'two\0\uD800' },
      finished('stop'),
    ])
    assert.deepEqual(parts, [
      { type: 'reasoning', text: 'so', providerData: { maker: { signature: 's' } } },
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two\uFFFD\uFFFD' },
    ])
  })

  test('makes of an input that is no JSON within the limits a call that the model is told of', async () => {
    const inputs = ['{"a":', '{"a":1,"a":2}', '{"__proto__":1}', '[9007199254740993]', '1e400', '[['.repeat(100), '']
    const { parts } = await ask([...inputs.map((input, index) => called(`id-${index}`, input)), finished('tool-calls')])
    assert.deepEqual(
      parts.map(({ type }) => type),
      [...Array(6).fill('invalid_call'), 'call'],
    )
    assert.deepEqual(parts.at(-1), { type: 'call', providerCallId: 'id-6', tool: 'look', input: {} })
  })

  test('never takes a call for whole that the output limit may have cut', async () => {
    const cut = await ask([called('id-1', '{"a":1}'), called('id-2', '{}'), finished('length')])
    assert.deepEqual(
      cut.parts.map(({ type }) => type),
      ['call', 'invalid_call'],
    )
    assert.equal(cut.finish, 'length')
  })

  test('keeps what the provider ran itself apart from calls, and gives it back as it was', async () => {
    const { model, seen } = fake(() =>
      stream([
        {
          type: 'tool-call',
          toolCallId: 's1',
          toolName: 'search',
          input: '{"q": "x"}',
          providerExecuted: true,
        },
        { type: 'tool-result', toolCallId: 's1', toolName: 'search', result: { hits: 1 }, preliminary: true },
        { type: 'tool-result', toolCallId: 's1', toolName: 'search', result: { hits: 2 } },
        { type: 'source', sourceType: 'url', id: '1', url: 'https://example.com' },
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2]) } },
        { type: 'custom', kind: 'maker.compaction', providerMetadata: { maker: { blob: 'b' } } },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'Found.' },
        finished('stop'),
      ]),
    )
    const adapter = aiSdk(model)
    const { parts } = await adapter.generate(request([]), quiet)
    assert.deepEqual(kinds(parts), ['tool-call', 'tool-result', 'source', 'file', 'maker.compaction', 'text'])
    await adapter.generate(request([{ role: 'assistant', parts }]), quiet)
    assert.deepEqual(seen[1]?.prompt.at(-1)?.content, [
      { type: 'tool-call', toolCallId: 's1', toolName: 'search', input: { q: 'x' }, providerExecuted: true },
      {
        type: 'tool-result',
        toolCallId: 's1',
        toolName: 'search',
        output: { type: 'json', value: { hits: 2 } },
      },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQI=' } },
      { type: 'custom', kind: 'maker.compaction', providerOptions: { maker: { blob: 'b' } } },
      { type: 'text', text: 'Found.' },
    ])
  })

  test('names what cannot stand in the log instead of keeping it', async () => {
    const large = {
      type: 'file',
      mediaType: 'image/png',
      data: { type: 'data', data: 'A'.repeat(300_000) },
    } as const
    const bad = {
      type: 'custom',
      kind: 'maker.odd',
      providerMetadata: { maker: { constructor: 1 } },
    } as const
    const { parts } = await ask([large, bad, finished('stop')])
    for (const part of parts)
      assert(part.type === 'other' && Object.keys(Object(part.providerData)).join() === 'dropped')
  })

  test('maps every end to a finish, and takes an answer that ended with an error for none', async () => {
    const ends = ['stop', 'length', 'content-filter', 'tool-calls', 'other'] as const
    const found = await Promise.all(ends.map(async (end) => (await ask([finished(end)])).finish))
    assert.deepEqual(found, ['stop', 'length', 'refusal', 'tool_calls', 'other'])
    await assert.rejects(ask([finished('error')]), hasCode('invalid_response', true))
    await assert.rejects(ask([finished('interrupted')]), hasCode('cut_stream', true))
  })

  test('counts nothing where the provider did not count', async () => {
    assert.equal((await ask([finished('stop', usageOf(undefined, 1))])).usage, null)
    assert.equal((await ask([finished('stop', usageOf(Number.NaN, 1))])).usage, null)
    const usage = { ...usageOf(10, 5), inputTokens: { ...usageOf(10, 5).inputTokens, cacheRead: 4 } }
    assert.deepEqual((await ask([finished('stop', usage)])).usage, {
      inputTokens: 10,
      outputTokens: 5,
      cachedInputTokens: 4,
    })
  })

  test('refuses an answer without end before the memory is gone, and closes the connection', async () => {
    let isClosed = false
    const endless = new ReadableStream<LanguageModelV4StreamPart>({
      pull: (controller) => controller.enqueue({ type: 'text-delta', id: '0', delta: 'x'.repeat(100_000) }),
      cancel: () => {
        isClosed = true
      },
    })
    const adapter = aiSdk(fake(() => endless).model)
    await assert.rejects(adapter.generate(request([]), quiet), hasCode('response_too_large', false))
    assert(isClosed)
  })

  test('hands settings on as they are, with those of the request first, and joins provider options', async () => {
    const { model, seen } = fake(() => stream([finished('stop')]))
    const settings = { seed: 1, topP: 0.5, providerOptions: { openai: { store: false } } }
    const own = { topP: 0.9, providerOptions: { openai: { user: 'u' } } }
    await aiSdk(model, { settings }).generate({ ...request([]), settings: own, temperature: 0 }, quiet)
    const { seed, topP, temperature, maxOutputTokens, providerOptions } = seen[0] ?? {}
    assert.deepEqual([seed, topP, temperature, maxOutputTokens], [1, 0.9, 0, 100])
    assert.deepEqual(providerOptions, { openai: { store: false, user: 'u' } })
  })

  test('puts every system text in front, where alone all providers take it', async () => {
    const { model, seen } = fake(() => stream([finished('stop')]))
    await aiSdk(model).generate(
      request([
        { role: 'user', text: 'a', trust: 'user' },
        { role: 'system', text: 'b' },
      ]),
      quiet,
    )
    assert.deepEqual(seen[0]?.prompt, [
      { role: 'system', content: 'Be brief.\n\nb' },
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
    ])
  })

  test('keeps what the provider says that it left out, where a value was asked for', async () => {
    const parts: readonly LanguageModelV4StreamPart[] = [
      {
        type: 'stream-start',
        warnings: [
          { type: 'unsupported', feature: 'responseFormat', details: 'ignored' },
          { type: 'other', message: 'by the way' },
        ],
      },
      { type: 'text-delta', id: '0', delta: '{}' },
      finished('stop'),
    ]
    const adapter = aiSdk(fake(() => stream(parts)).model)
    const output = { name: 'plan', schema: {} }
    const { parts: answered } = await adapter.generate({ ...request([]), output }, quiet)
    const warned = [{ type: 'unsupported', feature: 'responseFormat', details: 'ignored' }]
    assert.deepEqual(answered, [
      { type: 'text', text: '{}' },
      { type: 'other', kind: 'warnings', providerData: warned },
    ])
    assert.deepEqual(kinds((await adapter.generate(request([]), quiet)).parts), ['text'])
  })

  test('shows no model the warnings of an earlier answer', async () => {
    const { model, seen } = fake(() => stream([finished('stop')]))
    const parts = [{ type: 'other', kind: 'warnings', providerData: [{ type: 'unsupported' }] }] as const
    await aiSdk(model).generate(request([{ role: 'assistant', parts }]), quiet)
    assert.deepEqual(seen[0]?.prompt, [{ role: 'system', content: 'Be brief.' }])
  })

  test('declares what the model does not take, and only that', () => {
    const { model } = fake(() => stream([]))
    const declared = { takesTemperature: false, takesOutputSchema: false, takesToolChoice: false }
    const { takesTemperature, takesOutputSchema, takesToolChoice } = aiSdk(model, declared)
    assert.deepEqual({ takesTemperature, takesOutputSchema, takesToolChoice }, declared)
    assert.deepEqual(Object.keys(aiSdk(model, { takesTemperature: true })), ['id', 'price', 'generate'])
  })

  test('is named by its provider and model unless it is given a name', () => {
    const { model } = fake(() => stream([]))
    assert.deepEqual([aiSdk(model).id, aiSdk(model, { id: 'x/y' }).id, aiSdk(model).price], ['maker/m1', 'x/y', null])
  })

  test('tells a timeout of the caller from an abort', async () => {
    const adapter: Model = aiSdk(fake(() => new ReadableStream()).model)
    const timedOut = adapter.generate(request([]), { ...quiet, signal: AbortSignal.timeout(1) })
    await assert.rejects(timedOut, hasCode('timeout', true))
  })
})

const quiet = { signal: new AbortController().signal, onDelta: () => {} }

function request(messages: readonly Message[]): Parameters<Model['generate']>[0] {
  return {
    instructions: 'Be brief.',
    messages,
    tools: [],
    maxOutputTokens: 100,
    sessionId: 's',
    turn: 1,
    attempt: 1,
  }
}

function ask(parts: readonly LanguageModelV4StreamPart[]): Promise<ModelResponse> {
  return aiSdk(fake(() => stream(parts)).model).generate(request([]), quiet)
}

function hasCode(code: string, retryable: boolean): (error: unknown) => boolean {
  return (error) => error instanceof ModelRequestError && error.code === code && error.retryable === retryable
}

function kinds(parts: readonly AssistantPart[]): readonly string[] {
  return parts.map((part) => (part.type === 'other' ? part.kind : part.type))
}

type Fake = { readonly model: LanguageModelV4; readonly seen: LanguageModelV4CallOptions[] }

function fake(answer: (request: number) => ReadableStream<LanguageModelV4StreamPart>): Fake {
  const seen: LanguageModelV4CallOptions[] = []
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'maker.chat',
    modelId: 'm1',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('only doStream is used')),
    doStream: async (options) => {
      seen.push(options)
      return { stream: answer(seen.length - 1) }
    },
  }
  return { model, seen }
}

function streamOf(answer: ProviderAnswer | undefined): ReadableStream<LanguageModelV4StreamPart> {
  switch (answer?.type) {
    case 'answer':
      return stream([
        ...answer.response.parts.flatMap(partsOf),
        finished(endings[answer.response.finish], usageOfAnswer(answer.response)),
      ])
    case 'status':
      throw Object.assign(new Error('status'), {
        name: 'AI_APICallError',
        statusCode: answer.status,
        responseHeaders: answer.retryAfterMs === undefined ? {} : { 'retry-after': `${answer.retryAfterMs / 1000}` },
      })
    case 'cut':
      return stream([{ type: 'text-delta', id: '0', delta: 'I ' }])
    default:
      return new ReadableStream()
  }
}

function stream(parts: readonly LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> {
  return ReadableStream.from(parts)
}

function partsOf(part: AssistantPart, index: number): readonly LanguageModelV4StreamPart[] {
  const id = `${index}`
  // Provider data of these tests is always objects by the provider's name.
  const metadata =
    part.providerData === undefined
      ? {}
      : { providerMetadata: part.providerData as Record<string, Record<string, string>> }
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return [
        { type: `${part.type}-start`, id },
        { type: `${part.type}-delta`, id, delta: part.text.slice(0, 3) },
        { type: `${part.type}-delta`, id, delta: part.text.slice(3) },
        { type: `${part.type}-end`, id, ...metadata },
      ]
    case 'call':
      return [called(part.providerCallId, JSON.stringify(part.input), part.tool)]
    default:
      return []
  }
}

function called(toolCallId: string, input: string, toolName = 'look'): LanguageModelV4StreamPart {
  return { type: 'tool-call', toolCallId, toolName, input }
}

const endings = {
  stop: 'stop',
  length: 'length',
  refusal: 'content-filter',
  tool_calls: 'tool-calls',
  error: 'error',
  other: 'other',
} as const

/** What the provider's client was asked for beside the prompt. */
function outputOf({ responseFormat }: LanguageModelV4CallOptions): ModelOutput | null {
  if (responseFormat?.type !== 'json') return null
  const { name = '', description = '', schema = {} } = responseFormat
  // It came from a request of the suite, as JSON.
  return { name, description, schema: schema as JsonObject }
}

function finished(unified: LanguageModelV4FinishReason['unified'], usage = usageOf(1, 1)): LanguageModelV4StreamPart {
  return { type: 'finish', finishReason: { unified, raw: undefined }, usage }
}

function usageOf(input: number | undefined, output: number | undefined): LanguageModelV4Usage {
  return {
    inputTokens: { total: input, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: undefined },
  }
}

function usageOfAnswer({ usage }: ModelResponse): LanguageModelV4Usage {
  return usageOf(usage?.inputTokens, usage?.outputTokens)
}

/** The prompt as the provider's client got it, in neutral messages. */
function neutral(prompt: LanguageModelV4Prompt): readonly Message[] {
  return prompt.flatMap((message): readonly Message[] => {
    if (message.role === 'system') return [{ role: 'system', text: message.content }]
    const parts = message.content.flatMap((part): AssistantPart[] => {
      const { providerOptions } = part
      const data = providerOptions === undefined ? {} : { providerData: providerOptions as Json }
      if (part.type === 'text' || part.type === 'reasoning') return [{ type: part.type, text: part.text, ...data }]
      if (part.type !== 'tool-call') return []
      return [
        {
          type: 'call',
          providerCallId: part.toolCallId,
          tool: part.toolName,
          input: part.input as Json,
          ...data,
        },
      ]
    })
    if (message.role === 'assistant') return [{ role: 'assistant', parts }]
    if (message.role === 'user')
      return [
        {
          role: 'user',
          text: parts.map((part) => ('text' in part ? part.text : '')).join(''),
          trust: 'user',
        },
      ]
    return message.content.flatMap((part): readonly Message[] => {
      if (part.type !== 'tool-result') return []
      const result = 'value' in part.output ? (part.output.value as Json) : null
      const isError = part.output.type.startsWith('error')
      return [{ role: 'tool', callId: '', providerCallId: part.toolCallId, tool: part.toolName, result, isError }]
    })
  })
}
