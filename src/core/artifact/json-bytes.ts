/** How large values are as JSON, measured without writing them. */
import { utf8Bytes } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'

/** Deeper values are not shown to a model as they are, however small. */
const MAX_SHOWN_DEPTH = 64

/**
 * Bytes of the value as JSON in UTF-8 where they are at most `max`, else `Infinity`; of a value nested deeper than 64 also `Infinity`.
 * Stops as soon as it is over.
 */
export function jsonBytes(value: Json, max: number): number {
  return bytesOf(value, max, MAX_SHOWN_DEPTH)
}

function bytesOf(value: Json, max: number, depth: number): number {
  if (typeof value === 'string') return textBytes(value, max)
  if (typeof value !== 'object' || value === null) return within(JSON.stringify(value).length, max)
  if (depth === 0) return Number.POSITIVE_INFINITY
  // The opening bracket; behind each part stands a comma or the closing one.
  let bytes = 1
  if (isList(value)) {
    for (const row of value) {
      bytes += bytesOf(row, max - bytes, depth - 1) + 1
      if (bytes > max) return Number.POSITIVE_INFINITY
    }
  } else {
    for (const [key, member] of membersOf(value)) {
      bytes += textBytes(key, max - bytes) + 2
      bytes += bytesOf(member, max - bytes, depth - 1)
      if (bytes > max) return Number.POSITIVE_INFINITY
    }
  }
  return within(Math.max(2, bytes), max)
}

function textBytes(text: string, max: number): number {
  return text.length + 2 > max ? Number.POSITIVE_INFINITY : within(utf8Bytes(JSON.stringify(text)), max)
}

function within(bytes: number, max: number): number {
  return bytes <= max ? bytes : Number.POSITIVE_INFINITY
}

/** One after another, so that a reader who stops early does not pay for the values of the others. */
export function* membersOf(value: JsonObject): Generator<readonly [string, Json]> {
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member !== undefined) yield [key, member]
  }
}

/** `Array.isArray` does not know that a readonly list is one. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

/**
 * Where the longest piece of the text ends that begins at `from`, is written within so many bytes between the quotes of a JSON
 * string, and splits no surrogate pair.
 */
export function endWithin(text: string, from: number, bytes: number): number {
  let left = bytes
  let at = from
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    const isPair = isLeading(unit) && isTrailing(text.charCodeAt(at + 1))
    left -= isPair ? 4 : writtenBytes(unit)
    if (left < 0) return at
    at += isPair ? 2 : 1
  }
  return at
}

/** Whether the place lies within a surrogate pair. */
export function splitsPair(text: string, at: number): boolean {
  return isLeading(text.charCodeAt(at - 1)) && isTrailing(text.charCodeAt(at))
}

/** As `JSON.stringify` writes it: a lone surrogate and most control characters take six. */
function writtenBytes(unit: number): number {
  if (unit < 0x20) return SHORT_ESCAPES.has(unit) ? 2 : 6
  if (unit === QUOTE || unit === BACKSLASH) return 2
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  return unit >= 0xd800 && unit <= 0xdfff ? 6 : 3
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** \b \t \n \f \r */
const SHORT_ESCAPES: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d])

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
