import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { isPointer, pointTo } from './json-pointer.ts'
import { isReference, referencesIn, resolveInput } from './references.ts'

describe('a JSON Pointer', () => {
  /** The document and the answers of RFC 6901, section 5. */
  const document = {
    foo: ['bar', 'baz'],
    '': 0,
    'a/b': 1,
    'c%d': 2,
    'e^f': 3,
    'g|h': 4,
    'i\\j': 5,
    'k"l': 6,
    ' ': 7,
    'm~n': 8,
  }

  test.each<[string, Json]>([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j names what the RFC says', (pointer, value) => {
    expect(isPointer(pointer)).toBe(true)
    expect(pointTo(document, pointer)).toEqual({ type: 'found', value })
  })

  test.each([
    ['/foo/2', 'is a list of 2'],
    ['/foo/-', 'is a list of 2'],
    ['/foo/00', 'is a list of 2'],
    ['/foo/0/x', '"/foo/0" is a string'],
    ['/foo/length', 'is a list of 2'],
    ['/toString', 'has no "toString"'],
    ['/__proto__', 'has no "__proto__"'],
    ['foo', 'is no JSON Pointer'],
    ['/a~2', 'is no JSON Pointer'],
  ])('%j names nothing', (pointer, says) => {
    expect(pointTo(document, pointer)).toMatchObject({ type: 'missing', message: expect.stringContaining(says) })
  })
})

describe('a reference', () => {
  test.each<[unknown, boolean]>([
    [{ $from: 'a' }, true],
    [{ $from: 'a', path: '' }, true],
    [{ path: '/x', $from: 'a' }, true],
    [{ $from: 'a', other: 1 }, false],
    [{ $from: 'a', path: 1 }, false],
    [{ $from: 1 }, false],
    [{ path: '/x' }, false],
    [Object.create({ $from: 'a' }), false],
    [['$from'], false],
    ['$from', false],
    [null, false],
  ])('%j: %s', (value, expected) => {
    expect(isReference(value)).toBe(expected)
  })

  test('is found wherever it stands, with its path, in order', () => {
    const input = {
      to: [{ $from: 'a' }, 'x', { deep: { $from: 'b', path: '/0' } }],
      odd: { $from: 3 },
      last: { $from: 'c' },
    }
    expect(referencesIn(input)).toEqual({
      found: [
        { path: ['to', 0], reference: { $from: 'a' } },
        { path: ['to', 2, 'deep'], reference: { $from: 'b', path: '/0' } },
        { path: ['last'], reference: { $from: 'c' } },
      ],
      broken: [['odd']],
    })
  })

  const results = new Map<string, Json>([
    ['a', { rows: [1, { $from: 'b' }] }],
    ['b', 'secret'],
    ['none', null],
  ])
  const resultOf = (id: string) => results.get(id)

  test('comes to what it names', () => {
    const input = {
      first: { $from: 'a', path: '/rows/0' },
      all: [{ $from: 'none' }],
      item: { $from: '$item', path: '/k' },
      same: 'x',
    }
    expect(resolveInput(input, resultOf, { k: 2 })).toEqual({
      type: 'resolved',
      input: { first: 1, all: [null], item: 2, same: 'x' },
    })
    expect(resolveInput({ $from: 'b' }, resultOf)).toEqual({ type: 'resolved', input: 'secret' })
  })

  test('in a result is text like any other', () => {
    expect(resolveInput({ rows: { $from: 'a', path: '/rows/1' } }, resultOf)).toEqual({
      type: 'resolved',
      input: { rows: { $from: 'b' } },
    })
  })

  test.each([
    [{ $from: 'x' }, 'there is no result of "x"'],
    [{ $from: 'a', path: '/row' }, 'nothing stands at "/row" of the result of "a": it has no "row": it has "rows"'],
    [{ $from: '$item' }, 'there is no element that "$item" stands for'],
  ])('%j that names nothing says why', (reference, message) => {
    expect(resolveInput({ x: [reference] }, resultOf)).toEqual({ type: 'missing', reference, message })
  })

  test('leaves an input without any as it is, keys that mean something to the language included', () => {
    const odd: Json = JSON.parse('{"__proto__":{"x":1},"constructor":[],"a":{"__proto__":null}}')
    const resolved = resolveInput(odd, resultOf)
    expect(JSON.stringify(resolved)).toBe(`{"type":"resolved","input":${JSON.stringify(odd)}}`)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // What fast-check calls a JSON value is one.
        const input = value as Json
        expect(resolveInput(input, resultOf)).toEqual({ type: 'resolved', input })
      }),
    )
  })

  test('needs no stack as deep as the input', () => {
    let input: Json = { $from: 'b' }
    for (let level = 0; level < 100_000; level += 1) input = [input]
    expect(referencesIn(input).found[0]?.path).toHaveLength(100_000)
    expect(resolveInput(input, resultOf).type).toBe('resolved')
  })
})
