/** A model that has learned every value, and says them in every way in which a model can say something. */
import { type Model, ModelRequestError } from 'pawl'
import type { Canaries } from './canaries.ts'

/** Every path of this file: the values are registered before the model is asked. */
export const modelPaths: readonly string[] = [
  'model: text',
  'model: data of the provider',
  'model: reasoning',
  'model: signed reasoning',
  'model: other part',
  'model: input of a call',
  'model: input of a call, in base64',
  'model: id of a call',
  'model: name of a tool',
  'model: input that is no JSON',
  'model: problem of an input',
  'model: id of the request',
  'model: id of the model',
  'model: deltas',
  'model: delta of reasoning',
  'model: delta of a call',
  'model: body of an error',
  'model: address in an error',
  'model: last text',
  'model: what an adapter throws',
  'first message',
  'requester',
]

type Generate = Model['generate']
type Response = Awaited<ReturnType<Generate>>
type Part = Response['parts'][number]

const answer = (...parts: readonly Part[]): Response => ({ parts, finish: 'stop', usage: null })
const look = (input: Part & { type: 'call' } extends { input: infer Input } ? Input : never): Part => ({
  type: 'call',
  providerCallId: 'p',
  tool: 'look',
  input,
})
const on = look({})

/** One request after the other; the last answers without a call. */
export function leakingModel(canaries: Canaries): Model {
  const c = (path: string) => canaries.of(path)
  const steps: readonly Generate[] = [
    async () => answer({ type: 'text', text: `text ${c('model: text')}` }, on),
    async () => answer({ type: 'text', text: 'x', providerData: { note: c('model: data of the provider') } }, on),
    async () => answer({ type: 'reasoning', text: `hm ${c('model: reasoning')}` }, on),
    async () => answer({ type: 'reasoning', text: c('model: signed reasoning'), providerData: { signature: 's' } }, on),
    async () => answer({ type: 'other', kind: 'thing', providerData: [c('model: other part')] }, on),
    async () => answer(look({ key: c('model: input of a call') })),
    async () => answer(look({ key: Buffer.from(c('model: input of a call, in base64')).toString('base64') })),
    async () => answer({ type: 'call', providerCallId: c('model: id of a call'), tool: 'look', input: {} }),
    async () => answer({ type: 'call', providerCallId: 'p', tool: `no ${c('model: name of a tool')}`, input: {} }),
    async () =>
      answer({
        type: 'invalid_call',
        providerCallId: 'p',
        tool: 'look',
        inputText: `{"a": ${c('model: input that is no JSON')}`,
        problem: `cut at ${c('model: problem of an input')}`,
      }),
    async () => ({ ...answer(on), requestId: c('model: id of the request'), modelId: c('model: id of the model') }),
    async (_, { onDelta }) => {
      const value = c('model: deltas')
      for (const letter of `deltas ${value} end`) onDelta({ type: 'text_delta', text: letter })
      onDelta({ type: 'reasoning_delta', text: `so ${c('model: delta of reasoning')}` })
      const inputText = c('model: delta of a call')
      onDelta({ type: 'call_delta', index: 0, tool: 'look', inputText: inputText.slice(0, 7) })
      onDelta({ type: 'text_delta', text: ' and ' })
      onDelta({ type: 'call_delta', index: 0, tool: 'look', inputText: inputText.slice(7) })
      return answer(on)
    },
    failing('http_500', () => `body: {"key":${JSON.stringify(c('model: body of an error'))}}`),
    failing('network', () => `connect ${encodeURI(c('model: address in an error'))}`),
    async () => answer({ type: 'text', text: `at last ${c('model: last text')}` }),
  ]
  let asked = 0
  return {
    id: 'test/leaking',
    price: null,
    generate: (request, options) => {
      const step = steps[Math.min(asked, steps.length - 1)]
      asked += 1
      return step === undefined ? Promise.reject(new Error('no step')) : step(request, options)
    },
  }
}

function failing(code: string, message: () => string): Generate {
  return () => {
    const cause = new Error(message())
    return Promise.reject(new ModelRequestError(code, message(), { retryable: true, cause }))
  }
}

/** A model that throws what no adapter should, once. */
export function throwingModel(canaries: Canaries): Model {
  return {
    id: 'test/throwing',
    price: null,
    generate: () => Promise.reject(new TypeError(`adapter: ${canaries.of('model: what an adapter throws')}`)),
  }
}
