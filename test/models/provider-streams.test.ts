import assert from 'node:assert/strict'
import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider'
import type { Json, Message, ModelResponse } from 'pawl/core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { aiSdk } from '../../src/models/ai-sdk.ts'
import { toResponse } from '../../src/models/ai-sdk-response.ts'
import { type ModelDelta, ModelRequestError } from '../../src/ports/index.ts'
import { assemble } from './assemble.ts'
import * as exceptions from './exceptions.ts'
import { loadRecordings, type Recording } from './recordings.ts'
import { type Reply, type StubServer, stubServer } from './stub-server.ts'
import { clientOf, frames, isTerminal, type Wire } from './wires.ts'

const loaded = loadRecordings()
const recordings = loaded ?? { streams: [], left: [], errors: [] }
const whole = recordings.streams.filter(({ name }) => !Object.hasOwn(exceptions.refused, name))
/** One of each wire, so small that (nearly) every byte of it can be tried. */
const smallest = [...new Map(whole.toSorted(bySize).map((recording) => [recording.wire, recording])).values()]

describe.skipIf(loaded === undefined)('real input: provider streams', { timeout: 120_000 }, () => {
  let server: StubServer
  const answers = new Map<string, ModelResponse>()
  const deltas = new Map<string, Record<ModelDelta['type'], string>>()

  beforeAll(async () => {
    server = await stubServer()
    for (const recording of whole) {
      const texts = { text_delta: '', reasoning_delta: '', call_delta: '' }
      deltas.set(recording.name, texts)
      const onDelta = (delta: ModelDelta) => {
        texts[delta.type] += delta.type === 'call_delta' ? delta.inputText : delta.text
      }
      answers.set(recording.name, await read(recording, { chunks: [bytesOf(recording)] }, onDelta))
    }
  }, 60_000)
  afterAll(() => server.close())

  test('every chat stream is covered, and those of other wires are named with the reason', () => {
    const { streams, left } = recordings
    const files = new Set(streams.map(({ name }) => name.replace(/#\d+$/, '')))
    assert.equal(files.size + left.length, 138)
    assert(left.every(({ reason }) => reason !== 'nobody has looked at it'))
    const byWire = Object.groupBy(streams, ({ wire }) => wire)
    const counts = Object.entries(byWire).map(([wire, of]) => `${wire} ${of.length}`)
    console.log(`provider streams: ${files.size} of 138 files, ${streams.length} answers: ${counts.join(', ')}`)
    for (const [reason, of] of Object.entries(Object.groupBy(left, ({ reason }) => reason)))
      console.log(`  not covered, ${of?.length}: ${reason}: ${of?.map(({ name }) => name).join(', ')}`)
  })

  test('the deltas of a stream come to the texts of its message', () => {
    for (const { name } of whole) {
      const parts = answers.get(name)?.parts ?? []
      for (const type of ['text', 'reasoning'] as const) {
        const texts = parts.map((part) => (part.type === type ? part.text : ''))
        assert.equal(deltas.get(name)?.[`${type}_delta`], texts.join(''), name)
      }
    }
  })

  test('a stream comes to the same message wherever its bytes are split', async () => {
    let requests = 0
    for (const recording of whole) {
      const message = expected(recording)
      for (const chunks of splits(recording, bytesOf(recording))) {
        assert.deepEqual(comparable(recording, await read(recording, { chunks })), message, recording.name)
        requests += 1
      }
    }
    console.log(`  split: ${requests} requests over ${whole.length} answers`)
  })

  test('a stream comes to the same message as its events put together without streaming', async () => {
    const differs: string[] = []
    for (const recording of whole) {
      const { wire, events, name } = recording
      const assembled = comparable(recording, await readWhole(wire, assemble(wire, events)))
      if (JSON.stringify(assembled) !== JSON.stringify(expected(recording))) differs.push(name)
    }
    assert.deepEqual(differs.sort(), Object.keys(exceptions.assembledDiffers).sort())
    console.log(`  equal to the same events without streaming: ${whole.length - differs.length} of ${whole.length}`)
  })

  test('a stream comes to the same message as the twin recorded without streaming', async () => {
    const found: Record<'equal' | 'shortened' | 'askedAgain' | 'anotherWay', string[]> = {
      equal: [],
      shortened: [],
      askedAgain: [],
      anotherWay: [],
    }
    for (const { name, wire, twin } of whole) {
      const streamed = answers.get(name)
      if (twin === undefined || streamed === undefined) continue
      const other = await readWhole(wire, twin)
      const isSame = streamed.requestId === other.requestId
      if (said(streamed) === said(other)) found.equal.push(name)
      else if (shape(streamed) !== shape(other)) found[isSame ? 'shortened' : 'anotherWay'].push(name)
      else found[isSame ? 'shortened' : 'askedAgain'].push(name)
    }
    assert.deepEqual(found.shortened.sort(), Object.keys(exceptions.twinWasShortened).sort())
    assert.deepEqual(found.anotherWay.sort(), Object.keys(exceptions.twinTookAnotherWay).sort())
    assert.deepEqual(found.askedAgain.sort(), [...exceptions.twinWasAskedAgain].sort())
    const counts = Object.entries(found).map(([how, names]) => `${how} ${names.length}`)
    console.log(`  recorded twins: ${counts.join(', ')}`)
  })

  test('a stream cut off anywhere is a typed failure that may be retried, never an answer', async () => {
    let requests = 0
    for (const recording of whole) {
      const bytes = bytesOf(recording)
      const whereWhole = terminalEnd(recording)
      for (const { at, end } of cuts(recording, bytes.length)) {
        const answer = read(recording, { chunks: [bytes.subarray(0, at)], end })
        if (end === 'clean' && at >= whereWhole) await assertSame(answer, recording)
        else await assertRefused(answer, `${recording.name}, ${end} end after ${at} bytes`)
        requests += 1
      }
    }
    console.log(`  cut: ${requests} requests over ${whole.length} answers`)
  })

  test('what a provider signed or encrypted goes back to it as it came', async () => {
    let signed = 0
    for (const recording of whole) {
      const { name, wire } = recording
      const parts = answers.get(name)?.parts ?? []
      const seals = sealsOf(wire, parts)
      if (seals.length === 0) continue
      const baseURL = server.serve({ chunks: [bytesOf(recording)] })
      const settings = { providerOptions: { openai: { store: false } } }
      const messages = [
        ...request.messages,
        { role: 'assistant', parts } as const,
        ...resultsOf(parts),
        ...request.messages,
      ]
      await aiSdk(clientOf(wire, baseURL), { settings }).generate({ ...request, messages }, quiet)
      const sent = JSON.stringify(server.requests(baseURL))
      for (const seal of seals)
        assert(sent.includes(JSON.stringify(seal)), `${name}: ${seal.slice(0, 40)} did not go back`)
      signed += 1
    }
    console.log(`  signed or encrypted reasoning sent back: ${signed} answers`)
    assert(signed > 10)
  })

  test('a stream that is no answer is the same typed failure wherever its bytes are split', async () => {
    for (const recording of recordings.streams) {
      const { code } = exceptions.refused[recording.name] ?? {}
      if (code === undefined) continue
      const bytes = bytesOf(recording)
      for (const chunks of [[bytes], ...splits(recording, bytes)]) {
        await assert.rejects(
          read(recording, { chunks }),
          (error) => error instanceof ModelRequestError && error.code === code,
        )
      }
    }
  })

  test('recorded errors are typed, and say when to come back', async () => {
    const found: Record<string, unknown> = {}
    for (const { name, wire, body } of recordings.errors) {
      const status = /429|openai-error/.test(name) ? 429 : 400
      const chunks = [JSON.stringify(body)]
      const reply = { status, headers: { 'content-type': 'application/json' }, chunks }
      await read({ name, wire, events: [], twin: undefined }, reply).catch((error: unknown) => {
        assert(error instanceof ModelRequestError)
        found[name] = [error.code, error.retryable, error.retryAfterMs]
      })
    }
    assert.deepEqual(found, {
      'google/google-429-retry-info': ['http_429', true, 34_400],
      'openai/chat/reasoning-model-legacy-parameter-error': ['http_400', false, null],
      'openai/responses/openai-error.1': ['http_429', true, null],
      'openai/responses/reasoning-model-temperature-error': ['http_400', false, null],
    })
  })

  function read(
    recording: Recording,
    reply: Reply,
    onDelta: (delta: ModelDelta) => void = () => {},
  ): Promise<ModelResponse> {
    const model = aiSdk(clientOf(recording.wire, server.serve(reply)))
    return model.generate(request, { ...quiet, onDelta })
  }

  async function readWhole(wire: Wire, body: Json): Promise<ModelResponse> {
    const baseURL = server.serve({
      headers: { 'content-type': 'application/json' },
      chunks: [JSON.stringify(body)],
    })
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }]
    const result: LanguageModelV4GenerateResult = await clientOf(wire, baseURL).doGenerate({ prompt })
    return toResponse({ ...result, id: result.response?.id, modelId: result.response?.modelId })
  }

  function expected(recording: Recording): unknown {
    return comparable(recording, answers.get(recording.name))
  }

  async function assertSame(answer: Promise<ModelResponse>, recording: Recording): Promise<void> {
    const { parts, finish } = await answer
    const { parts: allParts, finish: itsFinish } = answers.get(recording.name) ?? {}
    assert.deepEqual(
      comparable(recording, { parts, finish }),
      comparable(recording, { parts: allParts, finish: itsFinish }),
    )
  }
})

const quiet = { signal: new AbortController().signal, onDelta: () => {} }

const request = {
  instructions: 'Be brief.',
  messages: [{ role: 'user', text: 'Hello', trust: 'user' }],
  tools: [],
  maxOutputTokens: 1000,
  sessionId: 'recorded',
  turn: 1,
  attempt: 1,
} as const

/** Signatures and encrypted reasoning of calls and thoughts, which a provider wants back with the next request. */
function sealsOf(wire: Wire, parts: ModelResponse['parts']): readonly string[] {
  const own = parts.filter(({ type }) => type === 'reasoning' || type === 'call')
  const keys = wire === 'compatible' ? /^$/ : /^(signature|thoughtSignature|reasoningEncryptedContent)$/
  const seals: string[] = []
  JSON.stringify(own, (key, value) => {
    if (keys.test(key) && typeof value === 'string' && value !== '') seals.push(value)
    return value
  })
  return seals
}

function resultsOf(parts: ModelResponse['parts']): readonly Message[] {
  return parts.flatMap((part, index): readonly Message[] => {
    if (part.type !== 'call') return []
    const { providerCallId, tool } = part
    return [{ role: 'tool', callId: `c${index}`, providerCallId, tool, result: { ok: true }, isError: false }]
  })
}

async function assertRefused(answer: Promise<ModelResponse>, what: string): Promise<void> {
  await assert.rejects(
    answer,
    (error) => error instanceof ModelRequestError && error.retryable && /^(cut_stream|network)$/.test(error.code),
    what,
  )
}

function bytesOf({ wire, events }: Recording): Buffer {
  return Buffer.from(frames(wire, events).join(''))
}

function bySize(one: Recording, other: Recording): number {
  return bytesOf(other).length - bytesOf(one).length
}

/** From here on the answer is whole, and what is missing says nothing that a message holds. */
function terminalEnd({ wire, events }: Recording): number {
  const last = events.findIndex((text) => isTerminal(wire, text))
  assert(last >= 0)
  const upTo = frames(wire, events).slice(0, last + 1)
  return Buffer.byteLength(upTo.join(''))
}

/** In two at every byte of the smallest; else byte by byte where that is short, and at seeded offsets. */
function splits(recording: Recording, bytes: Buffer): readonly (readonly Buffer[])[] {
  const random = seeded(recording.name)
  const singles = bytes.length <= 2_500 ? [Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))] : []
  if (smallest.includes(recording)) {
    const offsets = every(bytes.length <= 1_200 ? 1 : Math.ceil(bytes.length / 400), bytes.length)
    return [...singles, ...offsets.map((at) => [bytes.subarray(0, at), bytes.subarray(at)])]
  }
  const count = bytes.length < 20_000 ? 4 : 2
  const scattered = Array.from({ length: count }, (_, index) => {
    const pieces = Math.min(1000, 2 + index * Math.ceil(bytes.length / 60))
    const offsets = Array.from({ length: pieces }, () => Math.floor(random() * bytes.length)).sort(
      (one, other) => one - other,
    )
    return [0, ...offsets].map((from, at) => bytes.subarray(from, offsets[at] ?? bytes.length))
  })
  return [...singles, ...scattered]
}

type Cut = { readonly at: number; readonly end: 'clean' | 'cut' }

/** Closed as if that were all, around the byte where the answer is whole; and broken off, up to the last byte. */
function cuts(recording: Recording, length: number): readonly Cut[] {
  const whereWhole = terminalEnd(recording)
  const random = seeded(recording.name)
  const isSmallest = smallest.includes(recording)
  const scattered = Array.from({ length: length < 20_000 ? 3 : 1 }, () => Math.floor(random() * length))
  const offsets = isSmallest ? every(Math.ceil(length / 300), length) : scattered
  return [
    ...[0, whereWhole - 1, whereWhole, ...offsets].map((at) => ({ at, end: 'clean' }) as const),
    ...[length, ...offsets].map((at) => ({ at, end: 'cut' }) as const),
  ]
}

function every(step: number, length: number): readonly number[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step)
}

/** The same numbers for the same name (mulberry32). */
function seeded(name: string): () => number {
  let state = Array.from(name).reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Without the ids that a client made up, because the provider sent none. */
function comparable(recording: Recording, answer: unknown): unknown {
  const text = recording.events.join('')
  const json = JSON.stringify(answer, (key, value) => {
    const isMadeUp = /id$/i.test(key) && typeof value === 'string' && !text.includes(value)
    return isMadeUp ? 'made up by the client' : value
  })
  return JSON.parse(json)
}

/** What two answers to the same request can have in common: everything but ids, signatures and counts. */
function said({ parts, finish }: ModelResponse): string {
  return JSON.stringify([finish, ...parts.map(({ providerData: _, ...part }) => ({ ...part, providerCallId: '' }))])
}

function shape({ parts, finish }: ModelResponse): string {
  return [finish, ...parts.map((part) => ('tool' in part ? part.tool : 'kind' in part ? part.kind : part.type))].join(
    ' ',
  )
}
