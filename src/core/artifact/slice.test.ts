import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { anyContent, anyText, nested } from './any-content.fixture.ts'
import { MIN_SLICE_BYTES, type SliceRequest, sliceOf } from './slice.ts'

function slice(content: Json, request: SliceRequest, maxBytes = 2_000): JsonObject {
  const sliced = sliceOf(content, request, maxBytes)
  if (sliced.type === 'problem') throw new Error(sliced.problem)
  expect(Buffer.byteLength(JSON.stringify(sliced.slice))).toBeLessThanOrEqual(Math.max(maxBytes, MIN_SLICE_BYTES))
  return sliced.slice
}

function problem(content: Json, request: SliceRequest): string {
  const sliced = sliceOf(content, request, 2_000)
  return sliced.type === 'problem' ? sliced.problem : 'none'
}

/** Slices from the beginning to the end, each as the one before said. */
function* readAll(content: Json, first: SliceRequest, maxBytes?: number): Generator<JsonObject> {
  for (let request: SliceRequest | null = first; request !== null; ) {
    const part: JsonObject = slice(content, request, maxBytes)
    yield part
    request = goingOn(part, first)
  }
}

function goingOn({ nextOffset, nextLine }: JsonObject, { pointer = '' }: SliceRequest): SliceRequest | null {
  if (typeof nextLine === 'number') return { pointer, line: nextLine }
  return typeof nextOffset === 'number' ? { pointer, offset: nextOffset } : null
}

/** The value again, from slices alone: what was cut is read by its own pointer. */
function readWhole(content: Json, pointer: string, maxBytes: number): Json {
  const parts = [...readAll(content, { pointer }, maxBytes)]
  const [first = {}] = parts
  if (first['type'] === 'text') return parts.map(({ text }) => text).join('')
  if (first['type'] === 'array') return parts.flatMap((part) => rowsOf(content, part, maxBytes))
  if (first['type'] === 'object') return Object.fromEntries(parts.flatMap((part) => membersOf(content, part, maxBytes)))
  return first['value'] ?? null
}

type Cut = { readonly pointer?: string }

function rowsOf(content: Json, part: JsonObject, maxBytes: number): readonly Json[] {
  // Slices are of this shape, as their type says.
  const { rows, cut } = part as { readonly rows: readonly Json[]; readonly cut?: Cut }
  return cut === undefined ? rows : [readWhole(content, cut.pointer ?? 'none', maxBytes)]
}

function membersOf(content: Json, part: JsonObject, maxBytes: number): readonly (readonly [string, Json])[] {
  // As above.
  const { members, cut } = part as { readonly members: JsonObject; readonly cut?: Cut }
  if (cut === undefined) return Object.entries(members)
  return Object.keys(members).map((key) => [key, readWhole(content, cut.pointer ?? 'none', maxBytes)])
}

describe('slices of an artifact', () => {
  test('read to the end give back every row, member and character once, whatever the bound', () => {
    const plainKeys = fc.constantFrom('id', 'a/b', 'm~n', 'é', '"', '7', '')
    const content = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 8 }),
        fc.array(fc.record({ id: fc.nat(), name: fc.string({ maxLength: 30 }) }), { maxLength: 100 }),
        fc.dictionary(plainKeys, tie('value'), { maxKeys: 6 }),
      ),
    })).value
    const readsBack = (value: Json, maxBytes: number): void => {
      expect(readWhole(value, '', maxBytes)).toEqual(value)
    }
    fc.assert(fc.property(content, fc.integer({ min: MIN_SLICE_BYTES, max: 4_000 }), readsBack), { numRuns: 200 })
  })

  test('are within their bound and never end in themselves, for any content and any request', () => {
    const request = fc.record(
      {
        pointer: fc.constantFrom('', '/0', '/rows', '/id/0', 'x', '/~', '/-', '/00'),
        offset: fc.integer({ min: -1, max: 300 }),
        limit: fc.integer({ min: 0, max: 20 }),
        line: fc.integer({ min: 0, max: 50 }),
        lines: fc.integer({ min: 0, max: 5 }),
      },
      { requiredKeys: [] },
    )
    const holds = (content: Json, asked: SliceRequest, maxBytes: number): void => {
      const sliced = sliceOf(content, asked, maxBytes)
      const room = Math.max(maxBytes, MIN_SLICE_BYTES)
      if (sliced.type === 'problem') {
        expect(sliced.problem.length).toBeLessThanOrEqual(1_000)
        return
      }
      expect(Buffer.byteLength(JSON.stringify(sliced.slice))).toBeLessThanOrEqual(room)
      const { nextOffset, offset } = sliced.slice
      if (typeof nextOffset === 'number') expect(nextOffset).toBeGreaterThan(Number(offset ?? -1))
    }
    fc.assert(fc.property(anyContent, request, fc.integer({ min: 1, max: 3_000 }), holds), { numRuns: 500 })
    fc.assert(fc.property(anyContent, fc.constant({}), fc.integer({ min: 1, max: 3_000 }), holds), { numRuns: 200 })
  })

  test('of texts split no surrogate pair, even where an offset or a limit asks for half', () => {
    const text = '😀'.repeat(1_000)
    expect(slice(text, { offset: 1, limit: 1 })).toMatchObject({ offset: 0, text: '😀', nextOffset: 2 })
    expect(slice(text, { offset: 2, limit: 1 })).toMatchObject({ offset: 2, text: '😀', nextOffset: 4 })
    expect([...readAll(text, { offset: 0 })].map((part) => part['text']).join('')).toBe(text)
  })

  test('of texts are whole lines, and characters where one line is too long', () => {
    expect(slice('one\ntwo\nthree', { line: 2, lines: 1 })).toEqual({
      type: 'text',
      characters: 13,
      lines: 3,
      line: 2,
      text: 'two\n',
      nextLine: 3,
    })
    expect(slice('one\ntwo\nthree', { line: 3 })).not.toHaveProperty('nextLine')
    expect(slice(`${'x'.repeat(5_000)}\nend`, {})).toMatchObject({ line: 1, nextOffset: 1_850 })
    expect(slice({ log: 'one\ntwo' }, { pointer: '/log', line: 2 })).toMatchObject({ text: 'two' })
  })

  test('show rows as they stand, from an offset, and say where to go on', () => {
    const rows = [10, 11, 12, 13]
    expect(slice({ rows }, { pointer: '/rows', offset: 1, limit: 2 })).toEqual({
      type: 'array',
      length: 4,
      offset: 1,
      rows: [11, 12],
      nextOffset: 3,
    })
    expect(slice({ a: 1, b: [2] }, { offset: 1 })).toEqual({
      type: 'object',
      length: 2,
      offset: 1,
      members: { b: [2] },
    })
    expect(slice({ a: null }, { pointer: '/a' })).toEqual({ type: 'null', value: null })
    expect(slice([], {})).toEqual({ type: 'array', length: 0, offset: 0, rows: [] })
  })

  test('show a row that is too large cut, and name where the whole of it is read', () => {
    const shown = slice({ rows: [{ id: 1, body: 'x'.repeat(9_000) }, { id: 2 }] }, { pointer: '/rows' })
    expect(shown).toMatchObject({
      rows: [{ id: 1, body: `${'x'.repeat(400)}…(+8600 characters)` }],
      cut: { offset: 0, pointer: '/rows/0' },
      nextOffset: 1,
    })
  })

  test('say what there is where a pointer leads nowhere', () => {
    const content = { rows: [{ title: 'a', price: 1 }], total: 1 }
    expect(problem(content, { pointer: '/row/0' })).toBe(
      'it has no "row": it has "rows", "total". Did you mean "rows"?',
    )
    expect(problem(content, { pointer: '/rows/1' })).toBe('"/rows" is a list of 1, without an element "1".')
    expect(problem(content, { pointer: '/rows/0/prise' })).toContain('"/rows/0" has no "prise"')
    expect(problem(content, { pointer: '/rows/0/prise' })).toContain('Did you mean "price"?')
    expect(problem(content, { pointer: 'rows/0' })).toContain('write "/rows/0"')
    expect(problem('text', { pointer: '/rows' })).toContain('use line or offset')
    expect(problem(content, { line: 2 })).toContain('this is an object')
  })

  test('say where the end is when asked for what lies behind it, and refuse what is no place', () => {
    expect(problem([1, 2], { offset: 2 })).toBe('offset 2 is past the end of a list of 2: the last row is at offset 1')
    expect(problem({}, { offset: 1 })).toContain('it is empty')
    expect(problem('a\nb\n', { line: 3 })).toBe('line 3 is past the end of a text of 2 lines')
    expect(problem('abc', { offset: 3 })).toContain('3 characters')
    expect(problem('abc', { offset: 1, line: 1 })).toContain('either line')
    expect(problem([], { offset: 1.5 })).toContain('found 1.5')
    expect(problem([], { limit: 0 })).toContain('found 0')
  })

  test('of what is very deep, wide or long are bounded too', () => {
    slice(nested(5_000), {})
    slice(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])), {})
    slice({ ['k'.repeat(1_000_000)]: 'x'.repeat(1_000_000) }, {})
    slice('\u0001'.repeat(1_000_000), {})
    expect(problem({ ['\u0001'.repeat(500)]: 1 }, { pointer: `/${'z'.repeat(10_000)}` }).length).toBeLessThanOrEqual(
      1_000,
    )
  })
})
