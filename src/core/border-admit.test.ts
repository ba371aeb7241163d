import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admit } from './border-admit.ts'
import { parseJson } from './border-parse.ts'
import { utf8Bytes } from './border-text.ts'

const limits = { maxDepth: 64, maxBytes: 262_144 }
const wide = { maxDepth: 1_000, maxBytes: Number.MAX_SAFE_INTEGER }

function problemOf(value: unknown, mode: 'refuse' | 'repair' = 'repair'): string {
  const admitted = admit(value, limits, mode)
  return admitted.type === 'problem' ? admitted.problem : `accepted: ${JSON.stringify(admitted.value)}`
}

describe('admitting values of programs', () => {
  test('JSON comes out as it went in, sharing nothing', () => {
    const value = { list: [1, 'two', { three: null }], 'a b': true }
    const admitted = admit(value, limits, 'refuse')
    expect(admitted).toEqual({ type: 'ok', value })
    if (admitted.type === 'ok') expect(admitted.value).not.toBe(value)
    value.list.push('later')
    expect(admitted).toEqual({ type: 'ok', value: { list: [1, 'two', { three: null }], 'a b': true } })
  })

  test('undefined is null at the top and in a list, and no member in an object', () => {
    expect(admit(undefined, limits, 'repair')).toEqual({ type: 'ok', value: null })
    const withHole = Object.assign(new Array(3), { 0: undefined, 2: 1 })
    const admitted = admit({ a: undefined, list: withHole }, limits, 'repair')
    expect(JSON.stringify(admitted)).toBe('{"type":"ok","value":{"list":[null,null,1]}}')
  })

  class Money {
    readonly amount = 1
  }
  test.each([
    ['a BigInt', { id: 12n }, '$.id: a bigint is not JSON: write it as text'],
    ['a function', { list: [1, () => 1] }, '$.list[1]: a function is not JSON'],
    ['a symbol', Symbol('x'), '$: a symbol is not JSON'],
    ['NaN', [[Number.NaN]], '$[0][0]: NaN is not a JSON number'],
    ['infinity', { 'a b': Number.POSITIVE_INFINITY }, '$["a b"]: Infinity is not a JSON number'],
    [
      'an unsafe integer',
      { id: 2 ** 53 },
      '$.id: the integer 9007199254740992 is beyond 2^53 and may have lost digits: write it as text',
    ],
    [
      'a date',
      { day: new Date(0) },
      '$.day: an instance of Date is not JSON: make it text, a plain object or a list before',
    ],
    [
      'a map',
      [new Map([['a', 1]])],
      '$[0]: an instance of Map is not JSON: make it text, a plain object or a list before',
    ],
    [
      'an instance',
      { price: new Money() },
      '$.price: an instance of Money is not JSON: make it text, a plain object or a list before',
    ],
    [
      'a promise',
      { later: Promise.resolve(1) },
      '$.later: an instance of Promise is not JSON: make it text, a plain object or a list before',
    ],
    ['a key of prototypes', JSON.parse('{"a":{"__proto__":{"polluted":1}}}'), '$.a.__proto__: the key is not allowed'],
    ['constructor', { constructor: 1 }, '$.constructor: the key is not allowed'],
  ])('%s is a problem that names its path', (_what, value: unknown, problem) => {
    expect(problemOf(value)).toBe(problem)
  })

  test('a key is named whole or by its length, so that no part of it is told', () => {
    const key = (characters: number) => `sk-${'k'.repeat(characters - 3)}`
    expect(problemOf({ usage: { [key(40)]: 1n } })).toBe(
      `$.usage["${key(40)}"]: a bigint is not JSON: write it as text`,
    )
    expect(problemOf({ usage: { [key(41)]: [Number.NaN] } })).toBe(
      '$.usage[a key of 41 characters][0]: NaN is not a JSON number',
    )
    expect(problemOf({ ['k'.repeat(1_000)]: 1n })).toContain('$[a key of 1000 characters]: a bigint')
  })

  test('a cycle is a problem, the same object twice is not', () => {
    const cycle: Record<string, unknown> = { name: 'a' }
    cycle['self'] = { parent: [cycle] }
    expect(problemOf(cycle)).toBe('$.self.parent[0]: it contains itself')
    const shared = { a: 1 }
    expect(admit([shared, shared], limits, 'repair')).toEqual({ type: 'ok', value: [{ a: 1 }, { a: 1 }] })
  })

  test('whatever throws while it is read is a problem, never thrown', () => {
    const refuse = (): never => {
      throw new Error('no')
    }
    const hostile: readonly unknown[] = [
      Object.defineProperty({}, 'x', { enumerable: true, get: refuse }),
      new Proxy({}, { ownKeys: refuse }),
      new Proxy({}, { getPrototypeOf: refuse }),
      new Proxy([1], { get: refuse }),
      new Proxy({ a: 1 }, { get: refuse }),
      new Proxy({ a: 1 }, { getOwnPropertyDescriptor: refuse }),
      Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw new Proxy({}, { getPrototypeOf: refuse, get: refuse })
        },
      }),
    ]
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    for (const value of [...hostile, revoked.proxy]) {
      expect(problemOf({ inner: [value] })).toMatch(/^\$\.inner\[0\](\.\w+|\[\d+\])?: it threw while it was read$/)
    }
  })

  test('toJSON is never called', () => {
    const toJSON = (): never => {
      throw new Error('called')
    }
    expect(problemOf({ toJSON })).toBe('$.toJSON: a function is not JSON')
    expect(problemOf(Object.assign(Object.create({ toJSON }), { a: 1 }))).toContain('is not JSON: make it text')
  })

  test('plain objects of other makes are admitted: without a prototype, and behind a proxy', () => {
    const bare: unknown = Object.assign(Object.create(null), { a: 1 })
    const admitted = admit([bare, new Proxy({ b: 2 }, {})], limits, 'refuse')
    expect(admitted).toEqual({ type: 'ok', value: [{ a: 1 }, { b: 2 }] })
  })

  test('NUL and lone surrogates are refused in bodies, and repaired in what tools return', () => {
    const value = { 'k\0': ['a\0', '\ud83d'] }
    expect(admit(value, limits, 'repair')).toEqual({
      type: 'ok',
      value: { 'k\ufffd': ['a\ufffd', '\ufffd'] },
    })
    expect(problemOf(['a\0'], 'refuse')).toBe('$[0]: the text holds a NUL or half of a surrogate pair')
    expect(problemOf({ '\ud83d': 1 }, 'refuse')).toContain('half of a surrogate pair')
    expect(problemOf({ 'k\0': 1, 'k\ufffd': 2 })).toContain('stands twice')
  })

  test('depth is counted as for text, and a very deep value is no danger', () => {
    let deep: unknown = []
    for (let depth = 1; depth < 64; depth += 1) deep = [deep]
    expect(admit(deep, limits, 'refuse').type).toBe('ok')
    expect(problemOf([deep])).toMatch(/^\$(\[0\]){6}…(\[0\]){6}: nested deeper than 64 levels$/)
    for (let depth = 64; depth < 100_000; depth += 1) deep = [deep]
    expect(problemOf(deep)).toContain('nested deeper than 64 levels')
    expect(admit(deep, { maxDepth: 1_000_000, maxBytes: 1e9 }, 'refuse').type).toBe('problem')
  })

  test('bytes are counted as JSON writes them, and a huge list ends early', () => {
    expect(problemOf(new Array(4_000_000_000))).toContain('expected at most 262144 bytes of JSON, found more')
    expect(problemOf('x'.repeat(300_000))).toContain('expected at most 262144 bytes')
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\x01', '\x7f', 'é', '€', '😀') })
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' }), text, (json, extra) => {
        const value = { json, extra, none: undefined }
        const admitted = admit(value, wide, 'repair')
        if (admitted.type === 'problem') return
        const maxBytes = utf8Bytes(JSON.stringify(admitted.value))
        expect(admit(value, { maxDepth: 1_000, maxBytes }, 'repair').type).toBe('ok')
        expect(admit(value, { maxDepth: 1_000, maxBytes: maxBytes - 1 }, 'repair').type).toBe('problem')
      }),
    )
  })

  test('what is admitted is read from its text as the same value, and what is read is admitted', () => {
    fc.assert(
      fc.property(fc.anything({ withSparseArray: true, withObjectString: true }), (value) => {
        const admitted = admit(value, wide, 'repair')
        if (admitted.type === 'problem') return
        const text = JSON.stringify(admitted.value)
        const read = parseJson(text, wide, 'refuse')
        expect(read.type === 'ok' ? JSON.stringify(read.value) : read.problem).toBe(text)
        expect(admit(admitted.value, wide, 'refuse')).toEqual(admitted)
      }),
      { numRuns: 1_000 },
    )
  })

  test('nothing that any program makes is thrown', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
    })
    fc.assert(fc.property(anything, (value) => ['ok', 'problem'].includes(admit(value, limits, 'refuse').type)))
  })
})

test('a list that cannot fit is refused by its length, before its holes are walked', () => {
  const read: unknown[] = []
  const items = new Proxy(new Array(2 ** 32 - 1), {
    get: (target, key) => {
      read.push(key)
      return Reflect.get(target, key)
    },
  })
  expect(admit(items, limits, 'repair')).toEqual({
    type: 'problem',
    problem: '$: expected at most 262144 bytes of JSON, found more',
  })
  expect(read).not.toContain('0')
  expect(admit([1, 2], { maxDepth: 1, maxBytes: 5 }, 'repair')).toEqual({ type: 'ok', value: [1, 2] })
})
