import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from './json.ts'
import { maskSensitive, SENSITIVE_MARK, sensitiveShape } from './sensitive.ts'

const M = SENSITIVE_MARK

function masked(value: Json, schema: JsonObject | null, pointers: readonly string[] = []): Json {
  const shape = sensitiveShape(schema, pointers)
  return shape === null ? value : maskSensitive(value, shape)
}

describe('pointers', () => {
  test('name a field, every member or item, and what lies below it', () => {
    const value = { card: { number: '4111', cvc: 7 }, accounts: [{ iban: 'DE1', n: 1 }, { iban: 'DE2' }] }
    expect(masked(value, null, ['/card/number', '/accounts/*/iban'])).toEqual({
      card: { number: M, cvc: 7 },
      accounts: [{ iban: M, n: 1 }, { iban: M }],
    })
    expect(masked(value, null, ['/card'])).toMatchObject({ card: M })
    expect(masked('all', null, [''])).toBe(M)
    expect(masked({ 'a/b': { '~': 1 } }, null, ['/a~1b/~0'])).toEqual({ 'a/b': { '~': M } })
    expect(masked({ a: [1, 2] }, null, ['/a/1'])).toEqual({ a: [1, M] })
  })

  test('that lead nowhere change nothing: the same value', () => {
    const value = { a: [1, { b: null }] }
    expect(masked(value, null, ['/x/y', '/a/7', '/a/1/b'])).toBe(value)
  })
})

describe('marks in a schema', () => {
  const text = { type: 'string' }
  const sensitive = { type: 'string', 'x-sensitive': true }

  test.each<readonly [string, JsonObject, Json, Json]>([
    ['a property', { properties: { a: sensitive, b: text } }, { a: '1', b: '2' }, { a: M, b: '2' }],
    ['as zod writes it', { properties: { a: { sensitive: true } } }, { a: 1 }, { a: M }],
    ['items', { items: { properties: { k: sensitive } } }, [{ k: '1' }], [{ k: M }]],
    ['a tuple', { prefixItems: [text, sensitive] }, ['1', '2', '3'], ['1', M, '3']],
    ['a tuple of draft 7', { items: [text, sensitive] }, ['1', '2'], ['1', M]],
    [
      'other properties',
      { properties: { a: text }, additionalProperties: sensitive },
      { a: '1', b: '2' },
      { a: '1', b: M },
    ],
    ['a pattern', { patternProperties: { '^x': sensitive } }, { x1: '1', y: '2' }, { x1: M, y: '2' }],
    ['whichever branch', { anyOf: [{ properties: { a: sensitive } }, text] }, { a: '1' }, { a: M }],
    ['a definition', { $defs: { key: sensitive }, properties: { a: { $ref: '#/$defs/key' } } }, { a: '1' }, { a: M }],
    [
      'a tree of itself',
      { properties: { key: sensitive, below: { $ref: '#' } } },
      { key: '1', below: { key: '2', below: { key: '3' } } },
      { key: M, below: { key: M, below: { key: M } } },
    ],
    [
      'an anchor',
      { $defs: { k: { $anchor: 'key', ...sensitive } }, properties: { a: { $ref: '#key' }, b: text } },
      { a: '1', b: '2' },
      { a: M, b: '2' },
    ],
    [
      'an anchor of draft 7',
      { definitions: { k: { $id: '#key', ...sensitive } }, properties: { a: { $ref: '#key' }, b: text } },
      { a: '1', b: '2' },
      { a: M, b: '2' },
    ],
    [
      'a dynamic anchor',
      { $defs: { k: { $dynamicAnchor: 'key', ...sensitive } }, properties: { a: { $dynamicRef: '#key' }, b: text } },
      { a: '1', b: '2' },
      { a: M, b: '2' },
    ],
    [
      'a part with a name of its own',
      {
        $id: 'https://example.com/tools/pay',
        $defs: { card: { $id: 'card', properties: { number: sensitive } } },
        properties: { a: { $ref: 'card' }, b: { $ref: 'https://example.com/tools/card#/properties/number' }, c: text },
      },
      { a: { number: '1', kind: '2' }, b: '3', c: '4' },
      { a: { number: M, kind: '2' }, b: M, c: '4' },
    ],
    [
      'a pointer within a part with a name of its own',
      {
        $defs: { key: text },
        properties: {
          card: { $id: 'card', $defs: { key: sensitive }, properties: { a: { $ref: '#/$defs/key' } } },
          a: { $ref: '#/$defs/key' },
        },
      },
      { card: { a: '1' }, a: '2' },
      { card: { a: M }, a: '2' },
    ],
    [
      'a reference that cannot be followed',
      { properties: { a: sensitive, b: { $ref: 'https://example.com/other' }, c: { $ref: '#none' }, d: text } },
      { a: '1', b: '2', c: '3', d: '4' },
      { a: M, b: M, c: M, d: '4' },
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(masked(value, schema)).toEqual(expected)
  })

  test('a reference that cannot be followed is no mark by itself', () => {
    expect(sensitiveShape({ properties: { a: { $ref: '#none' } } })).toBeNull()
  })

  test('a property that is named sensitive is no mark', () => {
    const value = { sensitive: true, a: '1' }
    expect(masked(value, { properties: { sensitive: { type: 'boolean' }, a: text } })).toBe(value)
    expect(sensitiveShape({ properties: { a: text } })).toBeNull()
  })
})
