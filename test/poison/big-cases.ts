/** Cases of megabytes: what they cost in processor time, and that they leave nothing behind. */

import { admit, parseJson } from '../../src/core/border.ts'
import { defaultLimits } from '../../src/core/index.ts'
import { aiSdk } from '../../src/models/ai-sdk.ts'
import { ModelRequestError } from '../../src/ports/index.ts'
import { canonicalResponse } from '../../src/runtime/canonical-response.ts'
import { canonicalJson } from '../../src/runtime/hash.ts'
import { requestOf } from '../../src/testing/model-conformance-kit.ts'
import { streaming } from './adapter-case.ts'
import type { Big } from './share.ts'

const open = { maxDepth: 64, maxBytes: 64 * 2 ** 20 }
const MEGABYTE = 2 ** 20

type Figures = { readonly complaints: string[]; readonly figures: Big[]; readonly cases: number }

export async function bigFigures(): Promise<Figures> {
  const figures: Figures = { complaints: [], figures: [], cases: 0 }
  let cases = 0
  for (const [name, make] of Object.entries(texts)) {
    const text = make()
    cases += 3
    measure(figures, `reading ${name}`, text.length, () => expectOk(figures, name, parseJson(text, open)))
    const value: unknown = JSON.parse(text)
    measure(figures, `admitting ${name}`, text.length, () => expectOk(figures, name, admit(value, open, 'repair')))
    const admitted = admit(value, open, 'repair')
    if (admitted.type === 'ok')
      measure(figures, `writing ${name}`, text.length, () => void canonicalJson(admitted.value))
  }
  for (const [name, make] of Object.entries(refused)) {
    const text = make()
    cases += 1
    const read = parseJson(text, { maxDepth: defaultLimits.maxDepth, maxBytes: defaultLimits.maxInputBytes })
    if (read.type === 'ok') figures.complaints.push(`${name} was let in`)
  }
  cases += await streams(figures)
  return { ...figures, cases }
}

function expectOk({ complaints }: Figures, name: string, read: ReturnType<typeof parseJson>): void {
  if (read.type === 'problem') complaints.push(`${name}: ${read.problem}`)
}

function measure({ figures }: Figures, name: string, bytes: number, run: () => void): void {
  run()
  globalThis.gc?.()
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  figures.push({ name, megabytes: bytes / MEGABYTE, cpuMs: (user + system) / 1_000 })
}

const TEN = 10 * MEGABYTE

/** Valid, and as awkward as they can be for a reader. */
const texts: Readonly<Record<string, () => string>> = {
  'a text of 10 MB': () => JSON.stringify('x'.repeat(TEN)),
  'a text of 10 MB of escapes': () => `"${'\\u00e9'.repeat(TEN / 6)}"`,
  'a text of 10 MB with half pairs': () => `"${'\ud83dx'.repeat(TEN / 4)}"`,
  'a key of 10 MB': () => `{"${'k'.repeat(TEN)}":1}`,
  'a million tiny elements': () => `[${'0,'.repeat(999_999)}0]`,
  'a million tiny lists': () => `[${'[],'.repeat(999_999)}[]]`,
  '300,000 keys': () => `{${Array.from({ length: 300_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
  'objects of a list': () =>
    JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, name: `n${id}`, tags: ['a', null] }))),
  'numbers with many digits': () => `[${'0.12345678901234567890e-10,'.repeat(200_000)}0]`,
}

const refused: Readonly<Record<string, () => string>> = {
  'a text over the limit': () => JSON.stringify('x'.repeat(TEN)),
  'lists 100,000 deep': () => '['.repeat(100_000),
  'objects 50,000 deep': () => '{"a":'.repeat(50_000),
  'a number of 10 MB of digits': () => '1'.repeat(TEN),
  'a key that stands 20,000 times': () => `{${'"a":1,'.repeat(19_999)}"a":1}`,
}

/** Answers of a model that come in pieces. */
async function streams(figures: Figures): Promise<number> {
  const pieces: Readonly<Record<string, readonly unknown[]>> = {
    'an answer of 0.9 MB in pieces of 16': [...piecesOf('sixteen letters.', 56_000)],
    'an answer of 0.9 MB in one piece': piecesOf('x'.repeat(900_000), 1),
    'an answer of 6 MB': piecesOf('x'.repeat(60_000), 100),
    'an answer with 1,000 calls': callsOf(1_000),
    'an answer with 20,000 calls': callsOf(20_000),
  }
  for (const [name, parts] of Object.entries(pieces)) {
    const before = process.cpuUsage()
    const bytes = await answerOf(parts).catch((error: unknown) => {
      if (!(error instanceof ModelRequestError)) figures.complaints.push(`${name}: ${String(error)}`)
      return 0
    })
    const { user, system } = process.cpuUsage(before)
    if (bytes > 0) figures.figures.push({ name, megabytes: bytes / MEGABYTE, cpuMs: (user + system) / 1_000 })
  }
  return Object.keys(pieces).length
}

async function answerOf(parts: readonly unknown[]): Promise<number> {
  const options = { signal: new AbortController().signal, onDelta: () => {} }
  const answered = await aiSdk(streaming(parts)).generate(
    requestOf([{ role: 'user', text: 'hi', trust: 'user' }]),
    options,
  )
  return JSON.stringify(canonicalResponse(answered, defaultLimits)).length
}

const finish = {
  type: 'finish',
  usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
  finishReason: { unified: 'stop', raw: 'stop' },
}

function piecesOf(delta: string, count: number): readonly unknown[] {
  const deltas = Array.from({ length: count }, () => ({ type: 'text-delta', id: '1', delta }))
  return [{ type: 'text-start', id: '1' }, ...deltas, { type: 'text-end', id: '1' }, finish]
}

function callsOf(count: number): readonly unknown[] {
  const call = { type: 'tool-call', toolCallId: 'same', toolName: 'echo', input: '{}' }
  return [...Array.from({ length: count }, () => call), finish]
}
