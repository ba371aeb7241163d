import assert from 'node:assert/strict'
import { type Fixture, LLMock, type TextResponse } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Message, ModelResponse } from '../../src/core/index.ts'
import { model } from '../../src/models/provider.ts'
import { type Model, ModelRequestError } from '../../src/ports/index.ts'
import { type Reply, type StubServer, stubServer } from './stub-server.ts'
import { asList, asObject } from './wires.ts'

type Usage = NonNullable<TextResponse['usage']>
type Provider = { readonly id: string; readonly path: string; readonly usage: Usage }

const providers: readonly Provider[] = [
  { id: 'compatible/gpt-mock', path: '/v1', usage: { prompt_tokens: 11, completion_tokens: 5 } },
  { id: 'openai/gpt-mock', path: '/v1', usage: { input_tokens: 11, output_tokens: 5 } },
  { id: 'anthropic/claude-mock', path: '/v1', usage: { input_tokens: 11, output_tokens: 5 } },
  { id: 'google/gemini-mock', path: '/v1beta', usage: { promptTokenCount: 11, candidatesTokenCount: 5 } },
]

const look = [
  { name: 'look', arguments: '{"at":"home"}', id: 'call_look_1' },
  { name: 'look', arguments: '{"at":"work"}', id: 'call_look_2' },
]

let mock: LLMock
let stub: StubServer

beforeAll(async () => {
  mock = await LLMock.create({ port: 0, logLevel: 'silent' })
  stub = await stubServer()
})
afterAll(async () => {
  await mock.stop()
  await stub.close()
})

for (const provider of providers) {
  describe(`${provider.id}, through its real client over HTTP`, () => {
    test('answers in text, with usage', async () => {
      const { parts, finish, usage } = await askMock(provider, {
        content: 'Hello there, traveller.',
        usage: provider.usage,
      })
      assert.deepEqual(said(parts), [['text', 'Hello there, traveller.']])
      assert.equal(finish, 'stop')
      assert.deepEqual([usage?.inputTokens, usage?.outputTokens], [11, 5])
    })

    test('calls tools, and sends their results back under the same ids', async () => {
      const first = await askMock(provider, { content: 'Let me look.', toolCalls: look })
      assert.deepEqual(said(first.parts), [
        ['text', 'Let me look.'],
        ['call', { at: 'home' }],
        ['call', { at: 'work' }],
      ])
      // The mock server ends Gemini's calls with a word that Gemini does not have: calls count, whatever the end is called.
      assert.equal(first.finish, provider.id.startsWith('google/') ? 'other' : 'tool_calls')
      const ids = first.parts.flatMap((part) => (part.type === 'call' ? [part.providerCallId] : []))
      assert.equal(new Set(ids).size, 2)
      const results = ids.map(
        (id, index): Message => ({
          role: 'tool',
          callId: `c${index}`,
          providerCallId: id,
          tool: 'look',
          result: { index },
          isError: false,
        }),
      )
      const history: Message[] = [question, { role: 'assistant', parts: first.parts }, ...results]
      assert.deepEqual(said((await askMock(provider, { content: 'Found.' }, history)).parts), [['text', 'Found.']])
      const { called, resulted } = idsOf(mock.getLastRequest()?.body)
      assert.equal(called.length, 2)
      assert.deepEqual(resulted, called)
    })

    const cutCall = cutCalls[provider.id.split('/')[0] ?? '']
    // Gemini's wire has inputs as objects, which cannot be cut.
    if (cutCall !== undefined) {
      test('names an input that is cut off, and runs nothing of it', async () => {
        const { parts } = await askStub(provider, { chunks: [cutCall] })
        assert.deepEqual(
          parts.map((part) => [part.type, 'inputText' in part && part.inputText]),
          [['invalid_call', '{"at":"ho']],
        )
      })
    }

    test('is told to wait by 429, and says for how long', async () => {
      const error = await failure(askMock(provider, { error: { message: 'slow down' }, status: 429, retryAfter: 7 }))
      assert.deepEqual([error.code, error.retryable, error.retryAfterMs], ['http_429', true, 7000])
    })

    test('takes 500 for passing, and 401 for final', async () => {
      const broken = await failure(askMock(provider, { error: { message: 'oops' }, status: 500 }))
      assert.deepEqual([broken.code, broken.retryable], ['http_500', true])
      const denied = await failure(askMock(provider, { error: { message: 'bad key' }, status: 401 }))
      assert.deepEqual([denied.code, denied.retryable], ['http_401', false])
    })

    test('never takes a stream for an answer that breaks off', async () => {
      const content = 'A long answer that is cut somewhere in the middle of it.'
      const error = await failure(askMock(provider, { content }, [question], { chunkSize: 5, truncateAfterChunks: 4 }))
      assert.match(error.code, /^(cut_stream|network)$/)
      assert(error.retryable)
    })

    test('never takes what is no JSON for an answer', async () => {
      const error = await failure(askMock(provider, { content: 'Hello' }, [question], { chaos: { malformedRate: 1 } }))
      assert(error.retryable)
      const garbled = await failure(askStub(provider, { chunks: ['data: {"broken\n\n'] }))
      assert.deepEqual([garbled.code, garbled.retryable], ['invalid_response', true])
      const page = await failure(
        askStub(provider, { headers: { 'content-type': 'text/html' }, chunks: ['<html>Sign in</html>'] }),
      )
      assert(page.retryable)
    })

    test('leaves an empty turn to the runtime, as an answer without words', async () => {
      const { parts, finish } = await askMock(provider, { content: '' })
      assert.equal(parts.map((part) => ('text' in part ? part.text : part.type)).join(''), '')
      assert.equal(finish, 'stop')
    })

    test('says that the model refused where the provider says so', async () => {
      const { finish } = await askStub(provider, {
        chunks: [refusals[provider.id.split('/')[0] ?? ''] ?? ''],
      })
      assert.equal(finish, 'refusal')
    })

    test('asks once: a failure is not retried behind the back of the runtime', async () => {
      mock.clearRequests()
      await failure(askMock(provider, { error: { message: 'oops' }, status: 503 }))
      assert.equal(mock.getRequests().length, 1)
    })

    test('cannot reach a server that is not there, and says that it may be tried again', async () => {
      const unreachable = await model(provider.id, { apiKey: 'k', baseURL: 'http://127.0.0.1:1/v1' })
      const error = await failure(ask(unreachable, [question]))
      assert.deepEqual([error.code, error.retryable], ['network', true])
    })

    test('closes the connection when it is aborted in the middle of an answer', async () => {
      const adapter = await model(provider.id, {
        apiKey: 'k',
        baseURL: stub.serve({ chunks: [], end: 'hang' }),
      })
      const controller = new AbortController()
      const pending = adapter.generate(requestOf([question]), {
        signal: controller.signal,
        onDelta: () => {},
      })
      setImmediate(() => controller.abort())
      assert.deepEqual((await failure(pending)).code, 'aborted')
    })
  })
}

test('a signed thought of Anthropic goes back as it came', async () => {
  const provider: Provider = { id: 'anthropic/claude-mock', path: '/v1', usage: {} }
  const { parts } = await askMock(provider, {
    content: 'Yes.',
    reasoning: 'Hm.',
    reasoningSignature: 'c2lnbmVk',
  })
  assert.deepEqual(said(parts), [
    ['reasoning', 'Hm.'],
    ['text', 'Yes.'],
  ])
  const baseURL = stub.serve({ chunks: [refusals['anthropic'] ?? ''] })
  await ask(await model(provider.id, { apiKey: 'k', baseURL }), [question, { role: 'assistant', parts }, question])
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' }
  assert(JSON.stringify(stub.requests(baseURL)[0]).includes(JSON.stringify(thought)))
})

const question: Message = { role: 'user', text: 'Where is it?', trust: 'user' }

/** What each provider sends when its model refuses; the mock server cannot say it. */
const refusals: { readonly [provider: string]: string } = {
  compatible: sse(
    { choices: [{ delta: { role: 'assistant', refusal: 'No.' } }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  ),
  openai: sse(
    { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } },
    {
      type: 'response.incomplete',
      response: {
        incomplete_details: { reason: 'content_filter' },
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
  ),
  anthropic: sse(
    {
      type: 'message_start',
      message: { id: 'm', model: 'm', role: 'assistant', content: [], usage: { input_tokens: 1 } },
    },
    {
      type: 'message_delta',
      delta: { stop_reason: 'refusal', stop_sequence: null },
      usage: { output_tokens: 1 },
    },
    { type: 'message_stop' },
  ),
  google: sse({ candidates: [{ content: { parts: [] }, finishReason: 'SAFETY' }] }),
}

/** A call whose input ends in the middle, by provider. */
const cutCalls: { readonly [provider: string]: string } = {
  compatible: sse(
    {
      choices: [
        {
          delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '{"at":"ho' } }] },
        },
      ],
    },
    { choices: [{ delta: {}, finish_reason: 'length' }] },
  ),
  openai: sse(
    { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'function_call', id: 'f', call_id: 'c', name: 'look', arguments: '' },
    },
    {
      type: 'response.output_item.done',
      output_index: 0,
      item: {
        type: 'function_call',
        id: 'f',
        call_id: 'c',
        name: 'look',
        arguments: '{"at":"ho',
        status: 'completed',
      },
    },
    {
      type: 'response.incomplete',
      response: {
        incomplete_details: { reason: 'max_output_tokens' },
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
  ),
  anthropic: sse(
    {
      type: 'message_start',
      message: { id: 'm', model: 'm', role: 'assistant', content: [], usage: { input_tokens: 1 } },
    },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 'c', name: 'look', input: {} },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"at":"ho' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'max_tokens', stop_sequence: null },
      usage: { output_tokens: 1 },
    },
    { type: 'message_stop' },
  ),
}

function sse(...events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

/** The mock server keeps every request in the form of OpenAI's chat. */
function idsOf(body: unknown): {
  readonly called: readonly unknown[]
  readonly resulted: readonly unknown[]
} {
  const { messages } = asObject(JSON.parse(JSON.stringify(body)))
  const sent = asList(messages).map(asObject)
  const calls = sent.flatMap((message) => asList(message['tool_calls']).map(asObject))
  return {
    called: calls.map((call) => call['id']),
    resulted: sent.flatMap((message) => (message['role'] === 'tool' ? [message['tool_call_id']] : [])),
  }
}

function requestOf(messages: readonly Message[]): Parameters<Model['generate']>[0] {
  const tools = [
    {
      name: 'look',
      description: 'Looks.',
      inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
    },
  ]
  return {
    instructions: 'Be brief.',
    messages,
    tools,
    maxOutputTokens: 100,
    sessionId: 's',
    turn: 1,
    attempt: 1,
  }
}

function ask(adapter: Model, messages: readonly Message[]): Promise<ModelResponse> {
  return adapter.generate(requestOf(messages), { signal: new AbortController().signal, onDelta: () => {} })
}

type Answer = Fixture['response']

async function askMock(
  { id, path }: Provider,
  response: Answer,
  messages: readonly Message[] = [question],
  options: Partial<Fixture> = {},
): Promise<ModelResponse> {
  mock.clearFixtures()
  mock.addFixture({ match: { predicate: () => true }, response, ...options })
  return ask(await model(id, { apiKey: 'test-key', baseURL: `${mock.url}${path}` }), messages)
}

async function askStub({ id }: Provider, reply: Reply): Promise<ModelResponse> {
  return ask(await model(id, { apiKey: 'test-key', baseURL: stub.serve(reply) }), [question])
}

async function failure(answer: Promise<ModelResponse>): Promise<ModelRequestError> {
  const error = await answer.then(
    (response) => assert.fail(`expected a failure, found ${JSON.stringify(response)}`),
    (problem: unknown) => problem,
  )
  assert(error instanceof ModelRequestError, `expected a ModelRequestError, found ${error}`)
  return error
}

function said(parts: ModelResponse['parts']): readonly (readonly unknown[])[] {
  return parts.map((part) => {
    if (part.type === 'call') return ['call', part.input]
    return 'text' in part ? [part.type, part.text] : [part.type]
  })
}
