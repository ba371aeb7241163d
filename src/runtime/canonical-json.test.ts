import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('10', '9', '0', '01', '-1', '__proto__', 'toJSON', 'constructor', '', 'é', 'a', 'b', '😀', '\uffff'),
)
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(-0)),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 6, noNullPrototype: false }),
  ),
}))

function outcomeOf(write: () => string | undefined): string {
  try {
    return write() ?? 'nothing'
  } catch {
    return 'it throws'
  }
}

describe('canonical JSON', () => {
  it('is what the library writes, for any JSON value, and refuses what the library refuses', () => {
    fc.assert(
      fc.property(json, (value) => {
        // Strings, numbers and `Infinity` pass as the values that they are: what is refused is refused by both.
        expect(outcomeOf(() => canonicalJson(value as object))).toBe(outcomeOf(() => canonicalize(value)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('sorts keys by UTF-16 code unit, also those that look like an index', () => {
    expect(canonicalJson({ b: 1, 9: 2, 10: 3, a: { d: 1, c: 2 } })).toBe('{"10":3,"9":2,"a":{"c":2,"d":1},"b":1}')
    expect(canonicalJson({ '\uffff': 1, '😀': 2 })).toBe('{"😀":2,"\uffff":1}')
  })

  it('leaves out what is undefined, and writes what is not plain as the library does', () => {
    const at = new Date(0)
    const deep = JSON.parse(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`) as object
    for (const value of [
      { a: undefined, b: 1 },
      { at },
      [at],
      [undefined],
      { toJSON: () => 1 },
      deep,
      { n: Object(1) },
    ]) {
      expect(canonicalJson(value)).toBe(canonicalize(value))
    }
  })

  it('refuses half of a surrogate pair, in a string and in a key', () => {
    expect(() => canonicalJson({ text: 'a\ud800' })).toThrow('surrogate')
    expect(() => canonicalJson({ 'a\udc00': 1 })).toThrow('surrogate')
    expect(canonicalJson({ text: '\\ud800' })).toBe('{"text":"\\\\ud800"}')
  })

  it('refuses what has no JSON form, and what contains itself', () => {
    const circle: { self?: object } = {}
    circle.self = circle
    expect(() => canonicalJson(circle)).toThrow('Circular')
    expect(() => canonicalJson(undefined as unknown as object)).toThrow(TypeError)
    expect(() => canonicalJson({ n: Number.NaN })).toThrow('NaN')
  })
})
