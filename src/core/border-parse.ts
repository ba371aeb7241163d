import {
  type Admitted,
  type BorderLimits,
  type BorderMode,
  BorderProblem,
  forbiddenKeys,
  isUnsafeInteger,
  quoted,
} from './border-rules.ts'
import { isStorable, storable, utf8Bytes } from './border-text.ts'
import type { Json } from './json.ts'

/**
 * Reads JSON from outside, by RFC 8259 and stricter: a key that stands twice or could change a prototype, nesting or size over
 * the limit, a number that a double cannot hold (1e400, 2^53 in digits) is a problem that names its position, counted in UTF-16
 * units from 0. NUL and lone surrogates in strings and keys become U+FFFD, or are a problem in mode `refuse`. Never throws.
 */
export function parseJson(text: string, limits: BorderLimits, mode: BorderMode = 'repair'): Admitted {
  try {
    checkSize(text, limits.maxBytes)
    return { type: 'ok', value: readDocument({ text, at: 0, limits, mode }) }
  } catch (error) {
    if (error instanceof BorderProblem) return { type: 'problem', problem: error.message }
    throw error
  }
}

type Reader = { readonly text: string; at: number; readonly limits: BorderLimits; readonly mode: BorderMode }

/** An array or an object whose end has not been read yet. */
type Open =
  | { readonly type: 'array'; readonly items: Json[] }
  | { readonly type: 'object'; readonly members: Record<string, Json>; key: string }

function checkSize(text: string, maxBytes: number): void {
  if (text.length * 3 <= maxBytes) return
  const bytes = text.length > maxBytes ? text.length : utf8Bytes(text)
  if (bytes > maxBytes) throw new BorderProblem(`expected at most ${maxBytes} bytes of JSON, found ${bytes}`)
}

/** One loop over an explicit stack: nesting costs memory, never the call stack. */
function readDocument(reader: Reader): Json {
  const stack: Open[] = []
  for (;;) {
    let value = openOrRead(reader, stack)
    while (value !== undefined) {
      if (stack.length === 0) return atEnd(reader, value)
      value = addTo(reader, stack, value)
    }
  }
}

/** The value that begins here; undefined where it was a container with something in it, which now is on the stack. */
function openOrRead(reader: Reader, stack: Open[]): Json | undefined {
  skipSpace(reader)
  const first = reader.text.charCodeAt(reader.at)
  if (first !== LEFT_BRACE && first !== LEFT_BRACKET) return readScalar(reader, first)
  if (stack.length >= reader.limits.maxDepth) fail(reader, `nested deeper than ${reader.limits.maxDepth} levels`)
  reader.at += 1
  skipSpace(reader)
  const second = reader.text.charCodeAt(reader.at)
  if (first === LEFT_BRACKET) {
    if (second === RIGHT_BRACKET) return closed(reader, [])
    stack.push({ type: 'array', items: [] })
    return undefined
  }
  if (second === RIGHT_BRACE) return closed(reader, {})
  const members = {}
  stack.push({ type: 'object', members, key: readKey(reader, members) })
  return undefined
}

/** Puts a value where it belongs, and reads on: the parent itself where that ended it, undefined where more comes. */
function addTo(reader: Reader, stack: Open[], value: Json): Json | undefined {
  // The stack is not empty where a value has a place in it.
  const parent = stack[stack.length - 1] as Open
  if (parent.type === 'array') parent.items.push(value)
  else parent.members[parent.key] = value
  skipSpace(reader)
  const code = reader.text.charCodeAt(reader.at)
  if (code === COMMA) {
    reader.at += 1
    if (parent.type === 'object') parent.key = readKey(reader, parent.members)
    return undefined
  }
  const isArray = parent.type === 'array'
  if (code !== (isArray ? RIGHT_BRACKET : RIGHT_BRACE)) expected(reader, isArray ? '"," or "]"' : '"," or "}"')
  stack.pop()
  return closed(reader, isArray ? parent.items : parent.members)
}

function closed(reader: Reader, value: Json): Json {
  reader.at += 1
  return value
}

function readKey(reader: Reader, members: Record<string, Json>): string {
  skipSpace(reader)
  const start = reader.at
  if (reader.text.charCodeAt(start) !== QUOTE) expected(reader, 'a key in double quotes')
  const key = readString(reader)
  const problem = forbiddenKeys.has(key)
    ? 'is not allowed'
    : Object.hasOwn(members, key)
      ? 'stands twice in one object'
      : ''
  if (problem !== '') fail({ ...reader, at: start }, `the key ${quoted(key)} ${problem}`)
  skipSpace(reader)
  if (reader.text.charCodeAt(reader.at) !== COLON) expected(reader, '":"')
  reader.at += 1
  return key
}

function readScalar(reader: Reader, first: number): Json {
  if (first === QUOTE) return readString(reader)
  const word = words.get(first)
  if (word === undefined) return readNumber(reader)
  if (!reader.text.startsWith(String(word), reader.at)) expected(reader, 'a value')
  reader.at += String(word).length
  return word
}

function readNumber(reader: Reader): number {
  return readSmallInteger(reader) ?? readAnyNumber(reader)
}

/** Most numbers are a few digits: read without the expression, several times as fast. Null: it is anything else. */
function readSmallInteger(reader: Reader): number | null {
  const { text, at: start } = reader
  let at = start
  let value = 0
  let code = text.charCodeAt(at)
  for (; code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
    value = value * 10 + (code - ZERO)
    at += 1
  }
  const digits = at - start
  if (digits === 0 || digits > MAX_SMALL_DIGITS || (digits > 1 && text.charCodeAt(start) === ZERO)) return null
  if (code === POINT || code === LETTER_E || code === LETTER_e) return null
  reader.at = at
  return value
}

function readAnyNumber(reader: Reader): number {
  numberAt.lastIndex = reader.at
  const found = numberAt.exec(reader.text)
  if (found === null) expected(reader, 'a value')
  const [digits, fraction, exponent] = found
  const value = Number(digits)
  const isInteger = fraction === undefined && exponent === undefined
  if (!Number.isFinite(value)) fail(reader, `the number ${quoted(digits)} is too large`)
  if (isUnsafeInteger(value) || (isInteger && !Number.isSafeInteger(value))) {
    fail(reader, `the integer ${quoted(digits)} is beyond 2^53 and would lose digits: write it as text`)
  }
  reader.at += digits.length
  return value === 0 ? 0 : value
}

function readString(reader: Reader): string {
  const { text, at: start } = reader
  plainAt.lastIndex = start + 1
  plainAt.test(text)
  let end = plainAt.lastIndex
  while (text.charCodeAt(end) === BACKSLASH) {
    escapeAt.lastIndex = end
    if (!escapeAt.test(text))
      fail({ ...reader, at: end }, `the escape ${quoted(text.slice(end, end + 2))} is not one of JSON`)
    plainAt.lastIndex = escapeAt.lastIndex
    plainAt.test(text)
    end = plainAt.lastIndex
  }
  if (text.charCodeAt(end) !== QUOTE) expected({ ...reader, at: end }, 'the end of the string, or an escape')
  reader.at = end + 1
  const raw = text.slice(start + 1, end)
  // What is parsed here has been checked to the last character.
  const value: string = raw.includes('\\') ? JSON.parse(text.slice(start, end + 1)) : raw
  if (isStorable(value)) return value
  if (reader.mode === 'refuse') fail({ ...reader, at: start }, 'the string holds a NUL or half of a surrogate pair')
  return storable(value)
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    reader.at += 1
  }
}

function atEnd(reader: Reader, value: Json): Json {
  skipSpace(reader)
  if (reader.at < reader.text.length) expected(reader, 'the end')
  return value
}

function expected(reader: Reader, what: string): never {
  const character = reader.text.codePointAt(reader.at)
  const found = character === undefined ? 'the end' : quoted(String.fromCodePoint(character))
  fail(reader, `expected ${what}, found ${found}`)
}

function fail(reader: Reader, problem: string): never {
  throw new BorderProblem(`at position ${reader.at}: ${problem}`)
}

const LEFT_BRACE = 0x7b
const RIGHT_BRACE = 0x7d
const LEFT_BRACKET = 0x5b
const RIGHT_BRACKET = 0x5d
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e
const LETTER_E = 0x45
const LETTER_e = 0x65

/** Any so many digits are below 2^53. */
const MAX_SMALL_DIGITS = 15

/** The words of JSON by their first letter. */
const words: ReadonlyMap<number, true | false | null> = new Map([
  [0x74, true],
  [0x66, false],
  [0x6e, null],
])

// Sticky, and without a choice between ways to match: each reads its text once.
const numberAt = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const plainAt = /[^"\\\u0000-\u001f]*/y
const escapeAt = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
