/** Cases of the adapter: parts of a stream on their way to a response that can stand in the log. */

import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import canonicalize from 'canonicalize'
import { defaultLimits, type ModelResponse } from '../../src/core/index.ts'
import { type Model, ModelRequestError } from '../../src/ports/index.ts'
import { requestOf } from '../../src/testing/model-conformance-kit.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { type Complaint, pollution } from './border-case.ts'
import { pickOf, textCase } from './generate-text.ts'
import { hostileText, hostileValue } from './generate-value.ts'
import { responseComplaint } from './response-rules.ts'
import type { Subject } from './subject.ts'

/** Through the parts of a stream, as a provider's client would give them. */
export async function partsComplaint(subject: Subject, number: number): Promise<Complaint> {
  const model = subject.adapt(streaming(streamOf(chanceOf(number))))
  return checked(subject, { name: `parts ${number}`, model })
}

/** `expect`: what is wrong with this answer, or this error, of all that can be typed. */
export type Checked = {
  readonly name: string
  readonly model: Model
  readonly expect?: (found: ModelResponse | ModelRequestError) => Complaint
}

/** A typed answer that can stand in a log, or a `ModelRequestError`. */
export async function checked(subject: Subject, { name, model, expect = () => null }: Checked): Promise<Complaint> {
  const found = (await answerOrComplaint(subject, model, expect)) ?? pollution()
  return found === null ? null : `${name}: ${found}`
}

async function answerOrComplaint(
  subject: Subject,
  model: Model,
  expect: NonNullable<Checked['expect']>,
): Promise<Complaint> {
  try {
    const response = await answerOf(subject, model)
    const text = canonicalize(response) ?? ''
    return responseComplaint(response, text, defaultLimits.maxEventBytes) ?? expect(response)
  } catch (error) {
    if (error instanceof ModelRequestError) return errorComplaint(error) ?? expect(error)
    return `it threw what is no ModelRequestError: ${String(error)}`
  }
}

/** As the runtime takes it: through the border for answers. */
export async function answerOf(subject: Subject, model: Model): Promise<ModelResponse> {
  const request = requestOf([{ role: 'user', text: 'hi', trust: 'user' }])
  const options = { signal: new AbortController().signal, onDelta: () => {} }
  return subject.canonicalResponse(await model.generate(request, options), defaultLimits)
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
