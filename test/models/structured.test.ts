import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { readStructured } from '../../src/core/index.ts'
import { model, type ProviderOptions } from '../../src/models/provider.ts'
import type { ModelOutput, ModelRequest } from '../../src/ports/index.ts'
import { type StubServer, stubServer } from './stub-server.ts'
import { asList, asObject } from './wires.ts'

/** With an optional field, which strict modes refuse. */
const output: ModelOutput = {
  name: 'route',
  description: 'How to go about it.',
  schema: {
    type: 'object',
    properties: { route: { type: 'string' }, reason: { type: 'string' } },
    required: ['route'],
    additionalProperties: false,
  },
}
const value = { route: 'plan', reason: 'é 🙂' }
const text = JSON.stringify(value)
const request: ModelRequest = {
  instructions: 'Be brief.',
  messages: [{ role: 'user', text: 'Where is it?', trust: 'user' }],
  tools: [],
  maxOutputTokens: 100,
  temperature: 0,
  output,
  sessionId: 's',
  turn: 1,
  attempt: 1,
  purpose: 'route',
  taskId: 'root',
}

let server: StubServer
beforeAll(async () => {
  server = await stubServer()
})
afterAll(() => server.close())

/** What the provider was sent, and what its answer was read as. */
async function ask(id: string, stream: string, options: Partial<ProviderOptions> = {}) {
  const baseURL = server.serve({ chunks: [stream] })
  const adapter = await model(id, { apiKey: 'k', baseURL, ...options })
  const response = await adapter.generate(request, { signal: new AbortController().signal, onDelta: () => {} })
  const read = readStructured(response, { maxDepth: 16, maxBytes: 10_000 })
  const body = asObject(JSON.parse(JSON.stringify(server.requests(baseURL)[0])))
  return { body, response, read: read.type === 'value' ? read.value : read.code }
}

describe('a value that was asked for, through the real clients over HTTP', () => {
  test('OpenAI gets the schema, and not in the strict mode that refuses optional fields', async () => {
    const { body, read } = await ask('openai/gpt-4.1', responses(text))
    const { name, description, schema } = output
    const format = { type: 'json_schema', strict: false, name, description, schema }
    assert.deepEqual(body['text'], { format })
    assert.equal(body['temperature'], 0)
    assert.deepEqual(read, value)
  })

  test('OpenAI is strict where the settings say so', async () => {
    const settings = { providerOptions: { openai: { strictJsonSchema: true } } }
    const { body } = await ask('openai/gpt-4.1', responses(text), { settings })
    assert.equal(asObject(asObject(body['text'] ?? {})['format'] ?? {})['strict'], true)
    assert.equal(body['store'], false)
  })

  test('what a client leaves out stands in the log: a reasoning model takes no temperature', async () => {
    const { body, response } = await ask('openai/gpt-5', responses(text))
    assert.equal(body['temperature'], undefined)
    const warned = response.parts.find((part) => part.type === 'other' && part.kind === 'warnings')
    assert.match(JSON.stringify(warned), /"feature":"temperature"/)
  })

  test('Anthropic gets the schema, and its answer is read', async () => {
    const { body, read } = await ask('anthropic/claude-sonnet-4-5', anthropic({ type: 'text', text }))
    assert.match(JSON.stringify(body['output_config'] ?? body['output_format']), /"required":\["route"\]/)
    assert.deepEqual(read, value)
  })

  test('an older model of Anthropic answers by a call of its client, which is read like any other', async () => {
    const called = anthropic({ type: 'tool_use', id: 'c', name: 'json', input: {} })
    const { body, read } = await ask('anthropic/claude-3-haiku-20240307', called)
    assert.match(JSON.stringify(body['tools']), /"name":"json"/)
    assert.deepEqual(read, value)
  })

  test('Google gets the schema', async () => {
    const stream = sse({ candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] })
    const { body, read } = await ask('google/gemini-2.5-pro', stream)
    const { responseMimeType, responseJsonSchema, responseSchema } = asObject(body['generationConfig'] ?? {})
    assert.equal(responseMimeType, 'application/json')
    assert.match(JSON.stringify(responseJsonSchema ?? responseSchema), /"required":\["route"\]/)
    assert.deepEqual(read, value)
  })

  test('a compatible server is told in words, since it may drop a schema silently; its fenced answer is read', async () => {
    const { body, read, response } = await ask('compatible/llama', chat(`Here:\n\`\`\`json\n${text}\n\`\`\``))
    assert.equal(body['response_format'], undefined)
    const [system] = asList(body['messages'])
    const content = String(asObject(system ?? {})['content'])
    assert(content.startsWith('Be brief.') && content.includes(JSON.stringify(output.schema)), content)
    assert.deepEqual(read, value)
    assert.deepEqual(response.parts.length, 1)
  })

  test('a compatible server that is said to take schemas gets one', async () => {
    const { body, read } = await ask('compatible/llama', chat(text), { takesOutputSchema: true })
    const { name, description, schema } = output
    assert.deepEqual(body['response_format'], {
      type: 'json_schema',
      json_schema: { schema, strict: false, name, description },
    })
    assert.deepEqual(read, value)
  })

  test('nobody is sent what is only for logs and scripts', async () => {
    const { body } = await ask('compatible/llama', chat(text))
    assert.doesNotMatch(JSON.stringify(body), /purpose|taskId|root/)
  })

  test('what a model takes is declared', async () => {
    const options = { apiKey: 'k', baseURL: 'http://127.0.0.1:1/v1' }
    const declared = async (id: string, more: Partial<ProviderOptions> = {}) => {
      const { takesTemperature, takesOutputSchema } = await model(id, { ...options, ...more })
      return [takesTemperature, takesOutputSchema]
    }
    assert.deepEqual(await declared('openai/gpt-5', { takesTemperature: false }), [false, undefined])
    assert.deepEqual(await declared('compatible/llama'), [undefined, false])
    assert.deepEqual(await declared('compatible/llama', { takesOutputSchema: true }), [undefined, undefined])
    assert.deepEqual(await declared('openai/gpt-5', { takesOutputSchema: false }), [undefined, false])
  })
})

function sse(...events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

function chat(content: string): string {
  return sse(
    { choices: [{ delta: { role: 'assistant', content } }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  )
}

function responses(said: string): string {
  const item = { type: 'message', id: 'm', role: 'assistant', content: [] }
  return sse(
    { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } },
    { type: 'response.output_item.added', output_index: 0, item },
    { type: 'response.output_text.delta', item_id: 'm', delta: said },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { usage: { input_tokens: 1, output_tokens: 1 } } },
  )
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object }

function anthropic(block: Block): string {
  const isText = block.type === 'text'
  const message = { id: 'm', model: 'm', role: 'assistant', content: [], usage: { input_tokens: 1 } }
  const delta = isText ? { type: 'text_delta', text: block.text } : { type: 'input_json_delta', partial_json: text }
  const stop_reason = isText ? 'end_turn' : 'tool_use'
  return sse(
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: isText ? { type: 'text', text: '' } : block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  )
}
