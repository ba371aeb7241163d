/** How a model adapter asks for one JSON value, and what it makes of the answer: part of the suite in model-conformance.ts. */
import assert from 'node:assert/strict'
import { type FinishReason, type JsonObject, type ModelResponse, readStructured } from '../core/index.ts'
import type { ModelOutput, ModelRequest } from '../ports/index.ts'
import {
  ask,
  type ModelCase,
  type OpenModel,
  type ProviderAnswer,
  question,
  requestOf,
} from './model-conformance-kit.ts'

const output: ModelOutput = {
  name: 'route',
  description: 'How to go about it.',
  schema: {
    type: 'object',
    properties: { route: { enum: ['direct', 'plan'] }, reason: { type: 'string' } },
    required: ['route'],
    additionalProperties: false,
  },
}
const value: JsonObject = { route: 'plan', reason: 'more than one step — 🙂, "quoted"' }
const text = JSON.stringify(value)
const limits = { maxDepth: 16, maxBytes: 10_000 }
const asked: ModelRequest = { ...requestOf([question]), output }

function saying(parts: ModelResponse['parts'], finish: FinishReason): ProviderAnswer {
  return { type: 'answer', response: { parts, finish, usage: { inputTokens: 9, outputTokens: 4 } } }
}

const plain = saying([{ type: 'text', text }], 'stop')
const called = { type: 'call', providerCallId: 'id-1', tool: output.name, input: value } as const
const looked = { type: 'call', providerCallId: 'id-1', tool: 'look', input: {} } as const

async function readsAs({ model }: OpenModel, expected: unknown, turn = 1): Promise<void> {
  const { response } = await ask(model, { ...asked, turn })
  const read = readStructured(response, limits)
  assert.deepEqual(read.type === 'value' ? read.value : read.code, expected)
}

export const outputCases: readonly ModelCase[] = [
  {
    name: 'a value that was asked for comes as text, with its usage and its deltas',
    answers: [plain],
    async run({ model }) {
      const { response, deltas } = await ask(model, asked)
      assert.deepEqual(response.parts, [{ type: 'text', text }])
      assert.deepEqual([response.finish, response.usage], ['stop', { inputTokens: 9, outputTokens: 4 }])
      assert.equal(deltas.map((delta) => (delta.type === 'text_delta' ? delta.text : '')).join(''), text)
    },
  },
  {
    name: 'a call by the name of the value that was asked for is the answer, and so in its deltas',
    answers: [saying([called], 'tool_calls')],
    async run({ model }) {
      const { response, deltas } = await ask(model, asked)
      assert.deepEqual([response.parts, response.finish], [[{ type: 'text', text }], 'stop'])
      assert.equal(deltas.map((delta) => (delta.type === 'text_delta' ? delta.text : '')).join(''), text)
    },
  },
  {
    name: 'a call by the name of the value is read also behind words',
    answers: [saying([{ type: 'text', text: 'Here it is' }, called], 'tool_calls')],
    run: (open) => readsAs(open, value),
  },
  {
    name: 'a call of a tool stays one where a value was asked for, and is no value',
    answers: [saying([{ type: 'text', text }, looked], 'tool_calls')],
    async run({ model }) {
      const { response } = await ask(model, asked)
      assert.deepEqual([response.parts.at(-1), response.finish], [looked, 'tool_calls'])
      const read = readStructured(response, limits)
      assert.equal(read.type === 'problem' && read.code, 'calls')
    },
  },
  {
    name: 'a tool by the name of the value is a tool',
    answers: [saying([called], 'tool_calls')],
    async run({ model }) {
      const tools = [{ name: output.name, description: 'Looks up a route.', inputSchema: { type: 'object' } }]
      const { response } = await ask(model, { ...asked, tools })
      assert.deepEqual([response.parts, response.finish], [[called], 'tool_calls'])
    },
  },
  {
    name: 'nothing is a value that was asked for by nobody: a call stays a call',
    answers: [saying([called], 'tool_calls')],
    async run({ model }) {
      const { response } = await ask(model, requestOf([question]))
      assert.deepEqual(response.parts, [called])
    },
  },
  {
    name: 'a value at the output limit is known as cut, even where it looks whole',
    answers: [
      saying([{ type: 'text', text: text.slice(0, 12) }], 'length'),
      saying([{ type: 'text', text }], 'length'),
    ],
    async run(open) {
      await readsAs(open, 'cut', 1)
      await readsAs(open, 'cut', 2)
    },
  },
  {
    name: 'a value that the model refused to give is known as refused',
    answers: [saying([{ type: 'text', text: 'No.' }], 'refusal')],
    run: (open) => readsAs(open, 'refusal'),
  },
  {
    name: 'a request for a value fails like any other',
    answers: [{ type: 'status', status: 503 }],
    run: ({ model }) => assert.rejects(ask(model, asked), { code: 'http_503', retryable: true }),
  },
  {
    name: 'the schema is sent as the provider takes it, or told in words where the model declares that it takes none',
    needsPrompts: true,
    answers: [plain],
    async run({ model, sent, sentOutputs }) {
      await ask(model, asked)
      const [system] = sent()[0] ?? []
      const words = system?.role === 'system' ? system.text : ''
      const isTold = words.includes(JSON.stringify(output.schema))
      if (model.takesOutputSchema === false) assert.deepEqual([sentOutputs(), isTold], [[null], true])
      else assert.deepEqual([sentOutputs(), isTold], [[output], false])
      assert(words.startsWith(asked.instructions), 'the instructions stand first, whole')
    },
  },
  {
    name: 'no schema is sent or told where none is asked for',
    needsPrompts: true,
    answers: [plain],
    async run({ model, sent, sentOutputs }) {
      await ask(model, requestOf([question]))
      assert.deepEqual(sentOutputs(), [null])
      assert.deepEqual(sent()[0]?.[0], { role: 'system', text: asked.instructions })
    },
  },
]
