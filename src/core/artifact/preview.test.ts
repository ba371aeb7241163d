import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8Bytes } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'
import { anyContent, nested } from './any-content.fixture.ts'
import { MAX_PREVIEW_BYTES, MIN_PREVIEW_BYTES, previewOfOutput } from './preview.ts'
import { sliceOf } from './slice.ts'

const limits = { maxInlineBytes: 16_384 }

function preview(output: Json, maxInlineBytes = limits.maxInlineBytes): JsonObject {
  const bytes = utf8Bytes(JSON.stringify(output))
  return previewOfOutput(
    output,
    { hash: '0123456789abcdef'.repeat(4), mediaType: 'application/json', bytes },
    { maxInlineBytes },
  )
}

/** What the sentence at the end tells a model to give to `read_artifact`. */
function exampleOf(shown: JsonObject): { readonly [key: string]: Json } {
  const [, example = ''] = /read_artifact (\{.*\}) reads on\. search_artifact/s.exec(String(shown['next'])) ?? []
  // What stands there is JSON, or this throws.
  return JSON.parse(example) as { readonly [key: string]: Json }
}

function bytesOf(shown: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(shown))
}

function check(output: Json, maxInlineBytes?: number): void {
  const shown = preview(output, maxInlineBytes)
  expect(bytesOf(shown)).toBeLessThanOrEqual(
    Math.min(MAX_PREVIEW_BYTES, Math.max(MIN_PREVIEW_BYTES, maxInlineBytes ?? 16_384)),
  )
  expect(JSON.parse(JSON.stringify(shown))).toEqual(shown)
  expect(JSON.stringify(shown).isWellFormed()).toBe(true)
  const { artifact, ...request } = exampleOf(shown)
  expect(artifact).toBe('0123456789abcdef')
  expect(sliceOf(output, request, 16_384).type).toBe('slice')
}

describe('a preview', () => {
  test('is JSON within its bound, and its example reads something, whatever was put out', () => {
    fc.assert(
      fc.property(anyContent, (output) => check(output)),
      { numRuns: 150 },
    )
    fc.assert(fc.property(anyContent, fc.integer({ min: 1, max: 3_000 }), check), { numRuns: 60 })
  })

  test('of a list shows its length, the types of its keys, and the first rows as they are', () => {
    const rows = Array.from({ length: 5_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      note: id % 2 === 0 ? null : 'odd',
    }))
    const shown = preview(rows)
    expect(shown).toMatchObject({
      artifact: '0123456789abcdef',
      bytes: JSON.stringify(rows).length,
      type: 'array',
      length: 5_000,
      keys: { id: 'number', name: 'text', note: 'null or text' },
    })
    const first = shown['rows']
    const count = Array.isArray(first) ? first.length : 0
    expect(count).toBeGreaterThan(5)
    expect(first).toEqual(rows.slice(0, count))
    expect(exampleOf(shown)).toEqual({ artifact: '0123456789abcdef', pointer: '', offset: count })
  })

  test('cuts a long text inside a row and says how much is left out', () => {
    expect(preview([{ id: 1, body: 'x'.repeat(50_000) }, { id: 2 }])['rows']).toEqual([
      { id: 1, body: `${'x'.repeat(120)}…(+49880 characters)` },
      { id: 2 },
    ])
  })

  test('of an object that wraps a list shows the list', () => {
    const rows = Array.from({ length: 900 }, (_, id) => ({ id, at: `2026-01-${id}` }))
    const shown = preview({ total: 900, result: { page: 1, 'the/rows': rows } })
    expect(shown).toMatchObject({
      type: 'object',
      length: 2,
      members: { total: 900, result: '…object of 2: page, the/rows' },
      within: '/result/the~1rows',
      withinLength: 900,
      keys: { id: 'number', at: 'text' },
    })
    expect(Array.isArray(shown['rows']) && shown['rows'].slice(0, 3)).toEqual(rows.slice(0, 3))
    expect(exampleOf(shown)['pointer']).toBe('/result/the~1rows')
  })

  test('of a map of records shows one of them', () => {
    const orders = Object.fromEntries(
      Array.from({ length: 500 }, (_, id) => [`#W${id}`, { id, items: ['a'.repeat(90)] }]),
    )
    expect(preview(orders)).toMatchObject({ length: 500, within: '/#W0', value: { id: 0, items: ['a'.repeat(90)] } })
  })

  test('of a text shows its first lines whole, and the line to read on from', () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}`)
    const shown = preview(lines.join('\n'))
    const text = String(shown['text'])
    const count = text.split('\n').length - 1
    expect(text).toBe(`${lines.slice(0, count).join('\n')}\n…`)
    expect(shown).toMatchObject({ type: 'text', characters: lines.join('\n').length, lines: 3_000 })
    expect(exampleOf(shown)).toEqual({ artifact: '0123456789abcdef', line: count + 1 })
  })

  test('stays within its bound and takes no longer than a reading for what is hostile', () => {
    const manyKeys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key ${index}`, index]))
    check(manyKeys)
    check([manyKeys])
    check('😀'.repeat(300_000))
    check(`a${'😀'.repeat(100_000)}`)
    check({ ['k'.repeat(1_000_000)]: { ['\u0001'.repeat(119)]: 'x'.repeat(100_000) } })
    check({ ['\u0001'.repeat(100)]: Array.from({ length: 5_000 }, () => 1) })
    check(Array.from({ length: 300 }, (_, index) => ({ ['"'.repeat(index)]: '\\'.repeat(500) })))
    check(nested(1_000))
    check([[[Array.from({ length: 100_000 }, (_, index) => index)]]])
  })
})
