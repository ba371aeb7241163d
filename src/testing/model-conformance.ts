/** What every model adapter has to keep, as a suite for any test runner: an adapter's own test only calls it. */
import assert from 'node:assert/strict'
import type { Message, ModelResponse } from '../core/index.ts'
import { failureCases } from './model-conformance-failures.ts'
import { ask, type ModelCase, type ModelHarness, question, requestOf } from './model-conformance-kit.ts'
import { outputCases } from './model-conformance-output.ts'

export type { ModelHarness, ProviderAnswer } from './model-conformance-kit.ts'

type Runner = {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => Promise<void>) => void
}

/** Runs the suite with the `describe` and `test` of any runner. */
export function modelConformance(name: string, harness: ModelHarness, { describe, test }: Runner): void {
  describe(`${name} is a model`, () => {
    for (const { name: promise, needsPrompts, answers, run } of [...cases, ...outputCases, ...failureCases]) {
      if (needsPrompts && !harness.sendsPrompts) continue
      test(promise, async () => {
        const open = await harness.open(answers)
        try {
          await run(open)
        } finally {
          await open.close()
        }
      })
    }
  })
}

const withCalls: ModelResponse = {
  parts: [
    { type: 'text', text: 'Let me look — 🙂.' },
    {
      type: 'call',
      providerCallId: 'id-1',
      tool: 'look',
      input: { at: ['here', 1.5, null], deep: { a: true } },
    },
    { type: 'call', providerCallId: 'id-2', tool: 'look', input: {} },
  ],
  finish: 'tool_calls',
  usage: { inputTokens: 12, outputTokens: 7 },
}

const thought: ModelResponse = {
  parts: [
    { type: 'reasoning', text: 'Hm.', providerData: { maker: { signature: 'c2lnbmVk', seen: [1, 2] } } },
    { type: 'text', text: 'There.' },
  ],
  finish: 'stop',
  usage: null,
}

const answered = (callId: string, providerCallId: string): Message => {
  return { role: 'tool', callId, providerCallId, tool: 'look', result: { found: callId }, isError: false }
}

const cases: readonly ModelCase[] = [
  {
    name: 'text and calls of one turn come as they were said, in order, with usage',
    answers: [{ type: 'answer', response: withCalls }],
    async run({ model }) {
      const { response } = await ask(model, requestOf([question]))
      assert.deepEqual(response.parts, withCalls.parts)
      assert.equal(response.finish, 'tool_calls')
      assert.deepEqual(response.usage, withCalls.usage)
    },
  },
  {
    name: 'the deltas of an answer come to its text and to the inputs of its calls',
    answers: [{ type: 'answer', response: withCalls }],
    async run({ model }) {
      const { deltas } = await ask(model, requestOf([question]))
      const text = deltas.map((delta) => (delta.type === 'text_delta' ? delta.text : '')).join('')
      assert.equal(text, 'Let me look — 🙂.')
      const inputs = [0, 1].map((at) =>
        deltas.map((delta) => (delta.type === 'call_delta' && delta.index === at ? delta.inputText : '')).join(''),
      )
      assert.deepEqual(
        inputs.map((input) => JSON.parse(input)),
        [{ at: ['here', 1.5, null], deep: { a: true } }, {}],
      )
    },
  },
  {
    name: 'reasoning goes back to its provider untouched, signature and all',
    needsPrompts: true,
    answers: [
      { type: 'answer', response: thought },
      { type: 'answer', response: thought },
    ],
    async run({ model, sent }) {
      const { response } = await ask(model, requestOf([question]))
      assert.deepEqual(response.parts, thought.parts)
      await ask(model, requestOf([question, { role: 'assistant', parts: response.parts }, question], 2))
      assert.deepEqual(
        sent()[1]?.find(({ role }) => role === 'assistant'),
        { role: 'assistant', parts: thought.parts },
      )
    },
  },
  {
    name: 'the results of a turn follow its calls, under the same ids',
    needsPrompts: true,
    answers: [{ type: 'answer', response: thought }],
    async run({ model, sent }) {
      const history: Message[] = [
        question,
        { role: 'assistant', parts: withCalls.parts },
        answered('c1', 'id-1'),
        answered('c2', 'id-2'),
      ]
      await ask(model, requestOf(history, 2))
      const [, ...prompt] = sent()[0] ?? []
      assert.deepEqual(
        prompt.map(({ role }) => role),
        ['user', 'assistant', 'tool', 'tool'],
      )
      assert.deepEqual(idsOf(prompt), { calls: ['id-1', 'id-2'], results: ['id-1', 'id-2'] })
    },
  },
  {
    name: 'call ids that a provider gave twice, or left empty, are told apart in call and result alike',
    needsPrompts: true,
    answers: [{ type: 'answer', response: thought }],
    async run({ model, sent }) {
      const calls = ['same', 'same', ''].map(
        (providerCallId) => ({ type: 'call', providerCallId, tool: 'look', input: {} }) as const,
      )
      const results = [answered('c1', 'same'), answered('c2', 'same~c2'), answered('c3', '~c3')]
      await ask(model, requestOf([question, { role: 'assistant', parts: calls }, ...results], 2))
      const { calls: called, results: resulted } = idsOf(sent()[0] ?? [])
      assert.equal(new Set(called).size, 3)
      assert.deepEqual(called, resulted)
    },
  },
  {
    name: 'a turn without parts, and a call that could not be read, are no hindrance to the next request',
    needsPrompts: true,
    answers: [{ type: 'answer', response: thought }],
    async run({ model, sent }) {
      const unread = {
        type: 'invalid_call',
        providerCallId: 'id-1',
        tool: 'look',
        inputText: '{"at":',
        problem: 'cut',
      } as const
      const silent = { role: 'assistant', parts: [] } as const
      await ask(
        model,
        requestOf([question, silent, question, { role: 'assistant', parts: [unread] }, answered('c1', 'id-1')], 3),
      )
      assert.deepEqual(idsOf(sent()[0] ?? []), { calls: ['id-1'], results: ['id-1'] })
    },
  },
]

function idsOf(messages: readonly Message[]): {
  readonly calls: readonly string[]
  readonly results: readonly string[]
} {
  const parts = messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []))
  return {
    calls: parts.flatMap((part) => ('providerCallId' in part ? [part.providerCallId] : [])),
    results: messages.flatMap((message) => (message.role === 'tool' ? [message.providerCallId] : [])),
  }
}
