/** Values cut to a size at which a model can still see what they are. "…" marks every cut. */
import { previewOf } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'
import { isList, isObject, jsonBytes, membersOf } from './json-bytes.ts'

type Cut = {
  /** Of one text. */
  readonly characters: number
  /** Of one list or object. */
  readonly members: number
  readonly depth: number
}

/** From the mildest to the one that fits nearly everywhere. */
const cuts: readonly Cut[] = [
  { characters: 400, members: 60, depth: 6 },
  { characters: 120, members: 24, depth: 4 },
  { characters: 48, members: 8, depth: 3 },
  { characters: 20, members: 3, depth: 2 },
]

/** Parts of one value that are looked at: wide and deep together would be too many. */
const MAX_PARTS = 500
const MAX_KEY_CHARACTERS = 60

/** The value as it is where it fits, else cut as mildly as it fits; of what never fits, what it is in words. */
export function shortened(value: Json, maxBytes: number): { readonly value: Json; readonly isCut: boolean } {
  if (jsonBytes(value, maxBytes) <= maxBytes) return { value, isCut: false }
  for (const cut of cuts) {
    const less = cutOf(value, cut, { left: MAX_PARTS })
    if (jsonBytes(less, maxBytes) <= maxBytes) return { value: less, isCut: true }
  }
  const words = describe(value)
  return { value: jsonBytes(words, maxBytes) <= maxBytes ? words : '…', isCut: true }
}

/** The value with its long texts cut, and nothing else unless it is very wide or deep. */
export function withShortTexts(value: Json): Json {
  return cutOf(value, { characters: 120, members: 60, depth: 6 }, { left: MAX_PARTS })
}

function cutOf(value: Json, cut: Cut, parts: { left: number }): Json {
  parts.left -= 1
  if (typeof value === 'string') return cutText(value, cut.characters)
  if (typeof value !== 'object' || value === null) return value
  if (cut.depth === 0 || parts.left <= 0) return describe(value)
  const inside = { ...cut, depth: cut.depth - 1 }
  if (isList(value)) {
    const shown = value.slice(0, cut.members).map((row) => cutOf(row, inside, parts))
    return value.length > cut.members ? [...shown, `…+${value.length - cut.members} more`] : shown
  }
  return cutMembers(value, cut.members, (member) => cutOf(member, inside, parts))
}

function cutMembers(value: JsonObject, max: number, show: (member: Json) => Json): JsonObject {
  const shown: [string, Json][] = []
  for (const [key, member] of membersOf(value)) {
    if (shown.length === max) break
    shown.push([cutKey(key), show(member)])
  }
  const more = Object.keys(value).length - shown.length
  return Object.fromEntries(more > 0 ? [...shown, ['…', `+${more} more`]] : shown)
}

/** The text, or its beginning and how much is left out. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text
  const start = previewOf(text, characters)
  return `${start}…(+${text.length - start.length} characters)`
}

export function cutKey(key: string): string {
  return cutText(key, MAX_KEY_CHARACTERS)
}

const MAX_KEYS_NAMED = 6
const MAX_NAMED_CHARACTERS = 24

/** What it is, of how many parts: `…object of 5: id, name, price`. Bounded. */
export function describe(value: Json): string {
  if (typeof value === 'string') return `…text of ${value.length} characters`
  if (isObject(value)) {
    const keys = Object.keys(value)
    const named = keys.slice(0, MAX_KEYS_NAMED).map((key) => cutText(key, MAX_NAMED_CHARACTERS))
    const more = keys.length > MAX_KEYS_NAMED ? ', …' : ''
    return `…object of ${keys.length}${keys.length > 0 ? ': ' : ''}${named.join(', ')}${more}`
  }
  return isList(value) ? `…array of ${value.length}` : String(value)
}

/** `text` for strings, and else as JSON names it. */
export type TypeName = 'null' | 'boolean' | 'number' | 'text' | 'array' | 'object'

export function typeName(value: Json): TypeName {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (value === null) return 'null'
  return isList(value) ? 'array' : 'object'
}
