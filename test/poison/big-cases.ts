/** Cases of megabytes: which of them are let in, and what they cost in processor time. */

import { type Admitted, defaultLimits } from '../../src/core/index.ts'
import { ModelRequestError } from '../../src/ports/index.ts'
import { answerOf, streaming } from './adapter-case.ts'
import type { Complaint } from './border-case.ts'
import type { Big } from './share.ts'
import type { Subject } from './subject.ts'

const open = { maxDepth: 64, maxBytes: 64 * 2 ** 20 }
const MEGABYTE = 2 ** 20
const TEN = 10 * MEGABYTE

type Run = (subject: Subject, figures: Big[]) => Complaint | Promise<Complaint>
type BigCase = { readonly name: string; readonly run: Run }

/** What a case costs is added to the figures. */
export async function bigComplaint(subject: Subject, number: number, figures: Big[]): Promise<Complaint> {
  const known = bigCases[number]
  if (known === undefined) throw new RangeError(`expected a number below ${bigCases.length}, found ${number}`)
  const complaint = await known.run(subject, figures)
  return complaint === null ? null : `${known.name}: ${complaint}`
}

/** Answers of a model that come in pieces; `refusedAs`: the code of the error, where a limit is passed. */
type Stream = { readonly parts: () => readonly unknown[]; readonly refusedAs: string | null }

const streams: Readonly<Record<string, Stream>> = {
  'an answer of 0.9 MB in pieces of 16': { parts: () => piecesOf('sixteen letters.', 56_000), refusedAs: null },
  'an answer of 0.9 MB in one piece': { parts: () => piecesOf('x'.repeat(900_000), 1), refusedAs: null },
  'an answer larger than an event': { parts: () => piecesOf('x'.repeat(11_000), 100), refusedAs: 'response_too_large' },
  'an answer of 6 MB': { parts: () => piecesOf('x'.repeat(60_000), 100), refusedAs: 'response_too_large' },
  'an answer with 1,000 calls': { parts: () => callsOf(1_000), refusedAs: null },
  'an answer with 1,001 calls': { parts: () => callsOf(1_001), refusedAs: 'too_many_calls' },
  'an answer with 20,000 calls': { parts: () => callsOf(20_000), refusedAs: 'too_many_calls' },
}

function streamCase([name, { parts, refusedAs }]: readonly [string, Stream]): BigCase {
  const run: Run = async (subject) => {
    try {
      await answerOf(subject, subject.adapt(streaming(parts())))
    } catch (error) {
      if (!(error instanceof ModelRequestError)) return `it threw what is no ModelRequestError: ${String(error)}`
      return error.code === refusedAs ? null : `refused as ${error.code}, expected ${refusedAs ?? 'an answer'}`
    }
    return refusedAs === null ? null : `accepted, expected ${refusedAs}`
  }
  return { name, run }
}

const refused: Readonly<Record<string, () => string>> = {
  'a text over the limit': () => JSON.stringify('x'.repeat(TEN)),
  'lists 100,000 deep': () => '['.repeat(100_000),
  'objects 50,000 deep': () => '{"a":'.repeat(50_000),
  'a number of 10 MB of digits': () => '1'.repeat(TEN),
  'a key that stands 20,000 times': () => `{${'"a":1,'.repeat(19_999)}"a":1}`,
}

function refusedCase([name, make]: readonly [string, () => string]): BigCase {
  const limits = { maxDepth: defaultLimits.maxDepth, maxBytes: defaultLimits.maxInputBytes }
  return { name, run: ({ parseJson }) => (parseJson(make(), limits).type === 'ok' ? 'was let in' : null) }
}

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

const works = ['reading', 'admitting', 'writing'] as const

function costCase(work: (typeof works)[number], [text, make]: readonly [string, () => string]): BigCase {
  const name = `${work} ${text}`
  const run: Run = (subject, figures) => {
    const { bytes, step } = prepared(subject, work, make())
    const complaint = step()
    globalThis.gc?.()
    const before = process.cpuUsage()
    step()
    const { user, system } = process.cpuUsage(before)
    figures.push({ name, megabytes: bytes / MEGABYTE, cpuMs: (user + system) / 1_000 })
    return complaint
  }
  return { name, run }
}

type Step = { readonly bytes: number; readonly step: () => Complaint }

/** What is read is measured by its own bytes; what is admitted and written, by those of its canonical text. */
function prepared({ parseJson, admit, canonicalJson }: Subject, work: (typeof works)[number], source: string): Step {
  if (work === 'reading') return { bytes: Buffer.byteLength(source), step: () => problemOf(parseJson(source, open)) }
  const value: unknown = JSON.parse(source)
  const admitted = admit(value, open, 'repair')
  if (admitted.type === 'problem') return { bytes: 0, step: () => admitted.problem }
  const bytes = Buffer.byteLength(canonicalJson(admitted.value))
  if (work === 'admitting') return { bytes, step: () => problemOf(admit(value, open, 'repair')) }
  return { bytes, step: () => (canonicalJson(admitted.value) === '' ? 'written as nothing' : null) }
}

function problemOf(read: Admitted): Complaint {
  return read.type === 'problem' ? read.problem : null
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

/** By number. */
export const bigCases: readonly BigCase[] = [
  ...Object.entries(streams).map(streamCase),
  ...Object.entries(refused).map(refusedCase),
  ...Object.entries(texts).flatMap((text) => works.map((work) => costCase(work, text))),
]
