/** Cases of the bytes of a provider, read by a real client of the AI SDK: a good stream cut at every byte, then bytes by chance. */

import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import canonicalize from 'canonicalize'
import type { ModelResponse } from '../../src/core/index.ts'
import { type Model, ModelRequestError } from '../../src/ports/index.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { checked } from './adapter-case.ts'
import type { Complaint } from './border-case.ts'
import { pickOf, textCase } from './generate-text.ts'
import type { Subject } from './subject.ts'

export async function bytesComplaint(subject: Subject, number: number): Promise<Complaint> {
  if (number <= goodEvents.length) return cutComplaint(subject, number)
  const chance = chanceOf(number)
  return checked(subject, { name: `bytes ${number}`, model: modelOver(subject, () => httpAnswer(chance)) })
}

function modelOver({ adapt }: Subject, answer: () => Response): Model {
  const fetched = async () => answer()
  return adapt(
    createOpenAICompatible({ name: 'poison', baseURL: 'http://poison.invalid/v1', fetch: fetched })('poison'),
  )
}

/** Half an answer is no answer: it is an error until the event that ends it has come, and from there on the whole answer. */
function cutComplaint(subject: Subject, end: number): Promise<Complaint> {
  const cut = new Uint8Array(goodEvents.subarray(0, end))
  const answer = () => new Response(cut, { headers: { 'content-type': 'text/event-stream' } })
  const expect = (found: ModelResponse | ModelRequestError): Complaint => {
    if (found instanceof ModelRequestError)
      return end < wholeFrom.latest ? null : `nothing is missing, and it is refused as ${found.code}`
    if (end < wholeFrom.earliest) return 'an answer, of a stream that ended before it was whole'
    return canonicalize(found) === canonicalize(wholeAnswer) ? null : 'another answer than the whole one'
  }
  return checked(subject, { name: `a stream cut at byte ${end}`, model: modelOver(subject, answer), expect })
}

const chunks = [
  '{"id":"c1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}',
  '{"id":"c1","choices":[{"index":0,"delta":{"content":"lo \\ud83d\\ude00"}}]}',
  '{"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call-1","type":"function","function":{"name":"echo","arguments":"{\\"a\\":"}}]}}]}',
  '{"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}',
  '{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":-4,"total_tokens":5}}',
  '[DONE]',
]
const goodEvents = Buffer.from(chunks.map((chunk) => `data: ${chunk}\n\n`).join(''))
/** What the chunks say: `[DONE]` adds nothing, and a count below 0 is no usage. */
const wholeAnswer: ModelResponse = {
  parts: [
    { type: 'text', text: 'Hello 😀' },
    { type: 'call', providerCallId: 'call-1', tool: 'echo', input: { a: 1 } },
  ],
  finish: 'tool_calls',
  usage: null,
  requestId: 'c1',
  modelId: 'm',
}
/** From the last byte of the event that ends the answer on it is whole; a reader may wait for the empty line after it. */
const END_OF_EVENT = 2
const latest = goodEvents.length - Buffer.byteLength('data: [DONE]\n\n')
const wholeFrom = { earliest: latest - END_OF_EVENT, latest }
const goodError = Buffer.from('{"error":{"message":"slow down","type":"rate_limit_error","code":"429","param":null}}')

function httpAnswer(chance: Chance): Response {
  const isError = chance.happens(0.4)
  let body = isError ? goodError : goodEvents
  for (let times = chance.below(3); times > 0; times -= 1) {
    const at = chance.below(body.length + 1)
    const inserted = Buffer.from(
      pickOf(chance, ['', textCase(chance.below(1_000_000)).text.slice(0, 2_000), '\n\ndata: ', '\0']),
    )
    body = Buffer.concat([body.subarray(0, at), inserted, body.subarray(at + chance.below(40))])
  }
  const headers = {
    'content-type': pickOf(chance, isError ? ['application/json', 'text/html'] : ['text/event-stream']),
    'retry-after': pickOf(chance, [
      '1',
      '-1',
      '1e400',
      '9'.repeat(400),
      'soon',
      'Fri, 21 Nov 2025 10:00:30 GMT',
      'NaN',
    ]),
  }
  return new Response(chance.happens(0.05) ? null : new Uint8Array(body), {
    status: isError ? pickOf(chance, [400, 401, 408, 429, 500, 503, 599]) : 200,
    headers,
  })
}
