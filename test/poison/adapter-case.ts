/** Cases of the adapter: parts of a stream, and bytes of a provider, on their way to a response that can stand in the log. */

import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import canonicalize from 'canonicalize'
import { defaultLimits } from '../../src/core/index.ts'
import { aiSdk } from '../../src/models/ai-sdk.ts'
import { type Model, ModelRequestError } from '../../src/ports/index.ts'
import { canonicalResponse } from '../../src/runtime/canonical-response.ts'
import { requestOf } from '../../src/testing/model-conformance-kit.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { type Complaint, pollution } from './border-case.ts'
import { pickOf, textCase } from './generate-text.ts'
import { hostileText, hostileValue } from './generate-value.ts'
import { responseComplaint } from './response-rules.ts'

/** Through the parts of a stream, as a provider's client would give them. */
export async function partsComplaint(number: number): Promise<Complaint> {
  const chance = chanceOf(number)
  return checked(`parts ${number}`, aiSdk(streaming(streamOf(chance))))
}

/** Through the bytes of an answer, read by a real client of the AI SDK. */
export async function bytesComplaint(number: number): Promise<Complaint> {
  const chance = chanceOf(number)
  const fetched = async () => httpAnswer(chance)
  const provider = createOpenAICompatible({ name: 'poison', baseURL: 'http://poison.invalid/v1', fetch: fetched })
  return checked(`bytes ${number}`, aiSdk(provider('poison')))
}

async function checked(name: string, model: Model): Promise<Complaint> {
  const complaint = await check(model).catch((error: unknown) => {
    if (error instanceof ModelRequestError) return errorComplaint(error)
    return `it threw what is no ModelRequestError: ${String(error)}`
  })
  const found = complaint ?? pollution()
  return found === null ? null : `${name}: ${found}`
}

async function check(model: Model): Promise<Complaint> {
  const signal = new AbortController().signal
  const answered = await model.generate(requestOf([{ role: 'user', text: 'hi', trust: 'user' }]), {
    signal,
    onDelta: () => {},
  })
  const response = canonicalResponse(answered, defaultLimits)
  const text = canonicalize(response)
  return responseComplaint(response, text ?? '', defaultLimits.maxEventBytes)
}

function errorComplaint({ code, message, retryable, retryAfterMs }: ModelRequestError): Complaint {
  if (!/^[a-z0-9_+-]{1,40}$/.test(code)) return `the code ${JSON.stringify(code)} is no stable word`
  if (typeof retryable !== 'boolean' || typeof message !== 'string' || message.length > 4_000) return 'an odd error'
  return retryAfterMs === null || (Number.isSafeInteger(retryAfterMs) && retryAfterMs >= 0)
    ? null
    : `waits ${retryAfterMs} ms`
}

export function streaming(parts: readonly unknown[]): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'poison',
    modelId: 'poison',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('only streams are used')),
    doStream: async () => ({
      stream: new ReadableStream<LanguageModelV4StreamPart>({
        start(controller) {
          // What a client of a provider gives is what its bytes made of it, whatever its types say.
          for (const part of parts as readonly LanguageModelV4StreamPart[]) controller.enqueue(part)
          controller.close()
        },
      }),
    }),
  }
}

/** A good stream in which something is missing, doubled, elsewhere, or another value. */
export function streamOf(chance: Chance): readonly unknown[] {
  const parts: unknown[] = goodStream(chance)
  for (let times = chance.below(4); times > 0; times -= 1) {
    const at = chance.below(parts.length)
    const kind = chance.below(6)
    if (kind === 0) parts.splice(at, 1)
    else if (kind === 1) parts.splice(at, 0, parts[at])
    else if (kind === 2) parts.splice(at, 0, hostileValue(chance))
    else if (kind === 3) parts.splice(at, 0, { ...objectOf(parts[at]), type: hostileText(chance) })
    else parts[at] = withHostileField(chance, objectOf(parts[at]))
  }
  return parts
}

function goodStream(chance: Chance): unknown[] {
  const call = (index: number) => {
    const toolCallId = pickOf(chance, [`call-${index}`, 'call-0', '', hostileText(chance)])
    const toolName = pickOf(chance, ['echo', 'pay', '__proto__', 'toString', 'есho', hostileText(chance)])
    return { type: 'tool-call', toolCallId, toolName, input: textCase(chance.below(1_000_000)).text }
  }
  return [
    { type: 'stream-start', warnings: [] },
    { type: 'response-metadata', id: 'r1', modelId: 'm1' },
    { type: 'reasoning-start', id: '0' },
    { type: 'reasoning-delta', id: '0', delta: 'thinking' },
    { type: 'reasoning-end', id: '0', providerMetadata: { poison: { signature: hostileText(chance) } } },
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: hostileText(chance) },
    { type: 'text-end', id: '1' },
    ...Array.from({ length: chance.below(4) }, (_, index) => call(index)),
    { type: 'finish', usage: usage(chance), finishReason: { unified: pickOf(chance, finishes), raw: 'x' } },
  ]
}

const finishes = [
  'stop',
  'stop',
  'tool-calls',
  'length',
  'content-filter',
  'other',
  'error',
  'interrupted',
  'because',
  '',
  '__proto__',
]
const counts = [10, 10, 10, 0, -1, 1.5, Number.NaN, 1e300, 2 ** 53, '10', null, undefined, 12n]

function usage(chance: Chance): unknown {
  return {
    inputTokens: { total: pickOf(chance, counts), cacheRead: pickOf(chance, counts), noCache: 1, cacheWrite: 0 },
    outputTokens: { total: pickOf(chance, counts), reasoning: pickOf(chance, counts), text: 1 },
  }
}

function withHostileField(chance: Chance, part: object): object {
  const keys = Object.keys(part).concat('providerMetadata', 'providerExecuted', 'preliminary', 'citations', 'then')
  return { ...part, [pickOf(chance, keys)]: hostileValue(chance) }
}

function objectOf(value: unknown): object {
  try {
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
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
