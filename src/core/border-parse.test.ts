import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from './border-parse.ts'

const limits = { maxDepth: 64, maxBytes: 262_144 }
const wide = { maxDepth: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER }

function problemOf(text: string, mode?: 'refuse'): string {
  const read = parseJson(text, limits, mode)
  return read.type === 'problem' ? read.problem : `accepted: ${JSON.stringify(read.value)}`
}

describe('reading JSON from outside', () => {
  test('whatever JSON.stringify writes is read as the same value', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent)
        fc.pre(!written.includes('\\u0000'))
        const read = parseJson(written, wide)
        if (read.type === 'ok') expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(written)))
        else expect(read.problem).toMatch(/is not allowed|beyond 2\^53/)
      }),
    )
  })

  test('whatever JSON.parse refuses is a problem, and nothing is thrown', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u00',
      '0',
      '-',
      '1',
      '.5',
      'e',
      '+',
      'tru',
      'true',
      'null',
      ' ',
      '\n',
      '\0',
      'é',
      '"a"',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        expect(parseJson(text, limits).type === 'ok').toBe(isJson(text) && !hasRepeatedKey(text))
      }),
      { numRuns: 5_000 },
    )
  })

  test.each([
    ['', 'at position 0: expected a value, found the end'],
    ['{"a":}', 'at position 5: expected a value, found "}"'],
    ['{"a":1,}', 'at position 7: expected a key in double quotes, found "}"'],
    ["{'a':1}", 'at position 1: expected a key in double quotes, found "\'"'],
    ['{"a" 1}', 'at position 5: expected ":", found "1"'],
    ['[1 2]', 'at position 3: expected "," or "]", found "2"'],
    ['{"a":1', 'at position 6: expected "," or "}", found the end'],
    ['"a\nb"', 'at position 2: expected the end of the string, or an escape, found "\\n"'],
    ['"\\x"', 'at position 1: the escape "\\\\x" is not one of JSON'],
    ['1 😀', 'at position 2: expected the end, found "😀"'],
    ['[True]', 'at position 1: expected a value, found "T"'],
    ['01', 'at position 1: expected the end, found "1"'],
    ['NaN', 'at position 0: expected a value, found "N"'],
  ])('%j names its position, and what was expected and found', (text, problem) => {
    expect(problemOf(text)).toBe(problem)
  })

  test('a key that stands twice in one object is a problem, also where only an escape hides it', () => {
    expect(problemOf('{"a":1,"b":2,"a":3}')).toBe('at position 13: the key "a" stands twice in one object')
    expect(problemOf('{"a":1,"\\u0061":2}')).toContain('stands twice')
    expect(problemOf('{"a\\u0000":1,"a\\ufffd":2}')).toContain('stands twice')
    expect(parseJson('[{"a":1},{"a":{"a":1}}]', limits).type).toBe('ok')
    expect(parseJson('{"toString":1,"hasOwnProperty":2}', limits).type).toBe('ok')
  })

  test.each([
    '__proto__',
    'constructor',
    'prototype',
  ])('the key %s is a problem at any depth, however it is written', (key) => {
    expect(problemOf(`[{"a":{"${key}":{"polluted":true}}}]`)).toContain(`the key "${key}" is not allowed`)
    expect(problemOf(`{"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":1}`)).toContain('is not allowed')
    expect(parseJson(`"${key}"`, limits)).toEqual({ type: 'ok', value: key })
  })

  test('nesting over the limit is a problem, and 100,000 levels cost no stack', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(64), limits).type).toBe('ok')
    expect(problemOf(nested(65))).toBe('at position 64: nested deeper than 64 levels')
    expect(problemOf('['.repeat(100_000))).toBe('at position 64: nested deeper than 64 levels')
    expect(parseJson(nested(100_000), wide).type).toBe('ok')
  })

  test('bytes over the limit are a problem, and are counted as UTF-8', () => {
    expect(parseJson('"éé"', { maxDepth: 1, maxBytes: 6 }).type).toBe('ok')
    expect(parseJson('"éé"', { maxDepth: 1, maxBytes: 5 })).toEqual({
      type: 'problem',
      problem: 'expected at most 5 bytes of JSON, found 6',
    })
  })

  test('a number that a double cannot hold is a problem', () => {
    expect(problemOf('[1e400]')).toBe('at position 1: the number "1e400" is too large')
    expect(problemOf('-1e400')).toContain('too large')
    expect(problemOf('{"id":9007199254740993}')).toContain('the integer "9007199254740993" is beyond 2^53')
    expect(problemOf('-9007199254740992')).toContain('beyond 2^53')
    expect(problemOf('1e20')).toContain('beyond 2^53')
    expect(problemOf('1'.repeat(30))).toContain('beyond 2^53')
    expect(problemOf('1'.repeat(400))).toContain('too large')
    expect(parseJson('[9007199254740991,-9007199254740991,1.5,1e22,-0,1E-400]', limits)).toEqual({
      type: 'ok',
      value: [9007199254740991, -9007199254740991, 1.5, 1e22, 0, 0],
    })
  })

  test('NUL and lone surrogates become U+FFFD, in texts and in keys; where they are refused they are a problem', () => {
    expect(parseJson('{"a\\u0000":["\\ud83d","\\ud83d\\ude00","x\ud83dy"]}', limits)).toEqual({
      type: 'ok',
      value: { 'a\ufffd': ['\ufffd', '😀', 'x\ufffdy'] },
    })
    expect(problemOf('["ok","\\u0000"]', 'refuse')).toBe(
      'at position 6: the string holds a NUL or half of a surrogate pair',
    )
    expect(problemOf('{"\\ud83d":1}', 'refuse')).toContain('half of a surrogate pair')
    expect(parseJson('"😀\\ud83d\\ude00"', limits, 'refuse').type).toBe('ok')
  })

  test('what is quoted of the text is whole, or told by its length: no part of it is told', () => {
    const twice = (key: string) => problemOf(`{"${key}":1,"${key}":2}`)
    expect(twice('k'.repeat(40))).toBe(`at position 46: the key "${'k'.repeat(40)}" stands twice in one object`)
    expect(twice('k'.repeat(41))).toBe('at position 47: the key of 41 characters stands twice in one object')
    expect(problemOf('1'.repeat(41))).toContain('the integer of 41 characters is beyond 2^53')
    expect(problemOf('1'.repeat(400))).toBe('at position 0: the number of 400 characters is too large')
  })

  test('a problem never quotes more than 40 characters of the text', () => {
    expect(problemOf(`{"${'k'.repeat(1_000)}":1,"${'k'.repeat(1_000)}":2}`).length).toBeLessThan(120)
  })
})

const suite = `${process.env['PAWL_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))}/json-suites/JSONTestSuite.json.gz`
type Case = {
  readonly name: string
  readonly expect: 'accept' | 'reject' | 'either'
  readonly base64: string
}

describe.skipIf(!existsSync(suite))('real input: JSONTestSuite', () => {
  /** Where this border is stricter than the grammar, which is what makes it a border. */
  const stricter = ['y_object_duplicated_key', 'y_object_duplicated_key_and_value']

  test('real input: JSONTestSuite: every case is accepted or refused as the suite says', () => {
    const cases: readonly Case[] = existsSync(suite) ? JSON.parse(gunzipSync(readFileSync(suite)).toString()) : []
    const wrong = cases.flatMap(({ name, expect: wanted, base64 }) => {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
      const said = parseJson(text, limits).type === 'ok' ? 'accept' : 'reject'
      return wanted === 'either' || wanted === said ? [] : [name]
    })
    expect(cases).toHaveLength(318)
    expect(wrong).toEqual(stricter)
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** With so few pieces only `"a"` can be a key, at most a few times. */
function hasRepeatedKey(text: string): boolean {
  return (text.match(/:/g) ?? []).length !== JSON.stringify(JSON.parse(text)).split(':').length - 1
}
