/** The first rows of a long list, and what its rows have in common. */
import type { Json, JsonObject } from '../json.ts'
import { isObject, jsonBytes, membersOf } from './json-bytes.ts'
import type { PreviewPart } from './preview.ts'
import { cutKey, shortened, typeName, withShortTexts } from './shorten.ts'

/** Rows whose keys are gathered; the rest may have others, which is said. */
const MAX_ROWS_LOOKED_AT = 1_000
const MAX_KEYS_GATHERED = 200
const MAX_ROWS_SHOWN = 20
/** Of the room: what the keys may take. */
const SHARE_OF_KEYS = 0.3
/** Only in larger rows are texts cut. */
const LONG_ROW_BYTES = 200
/** A row that does not fit whole beside others is shown cut only where it is the first. */
const MIN_ROW_BYTES = 24
/** `"length":…,"keys":…,"rows":…`, and what is said where keys are left out. */
const ROWS_FRAME_BYTES = 110

/** `length`, `keys` where rows are objects, and the first `rows`. `pointer` is where the list stands. */
export function previewOfRows(rows: readonly Json[], pointer: string, room: number): PreviewPart {
  const left = room - ROWS_FRAME_BYTES
  const keys = keysOfRows(rows, left * SHARE_OF_KEYS)
  const shown = firstRows(rows, left - (keys === null ? 0 : jsonBytes(keys, room)))
  const fields = { length: rows.length, ...(keys !== null && { keys }), rows: shown.rows }
  // What is cut is read again: whole.
  const offset = shown.isCut ? 0 : shown.rows.length
  return { fields, readOn: { pointer, ...(offset > 0 && offset < rows.length && { offset }) } }
}

type Shown = { readonly rows: readonly Json[]; readonly isCut: boolean }

/** As many as fit, as they are but for long texts in them; where the first does not fit so, that one cut further. */
function firstRows(rows: readonly Json[], room: number): Shown {
  const shown: Json[] = []
  let left = room
  for (const row of rows.slice(0, MAX_ROWS_SHOWN)) {
    const one = jsonBytes(row, LONG_ROW_BYTES) <= LONG_ROW_BYTES ? row : withShortTexts(row)
    const bytes = jsonBytes(one, left) + 1
    if (bytes > left) break
    shown.push(one)
    left -= bytes
  }
  const [first] = rows
  if (shown.length > 0 || first === undefined || left < MIN_ROW_BYTES) return { rows: shown, isCut: false }
  return { rows: [shortened(first, left - 1).value], isCut: true }
}

/** Each key with the types of its values: `number`, `null or text`. Null: no row is an object. */
function keysOfRows(rows: readonly Json[], room: number): JsonObject | null {
  const types = new Map<string, Set<string>>()
  for (const row of rows.slice(0, MAX_ROWS_LOOKED_AT)) {
    if (isObject(row)) gather(row, types)
  }
  if (types.size === 0) return null
  const shown: [string, string][] = []
  let left = room
  for (const [key, found] of types) {
    const words = [...found].sort().join(' or ')
    left -= jsonBytes(cutKey(key), room) + words.length + 4
    if (left < 0) break
    shown.push([cutKey(key), words])
  }
  const more = types.size - shown.length
  return Object.fromEntries(
    more > 0 ? [...shown, ['…', `+${more}${more >= MAX_KEYS_GATHERED ? ' or' : ''} more`]] : shown,
  )
}

function gather(row: JsonObject, types: Map<string, Set<string>>): void {
  for (const [key, member] of membersOf(row)) {
    const known = types.get(key)
    if (known) known.add(typeName(member))
    else if (types.size >= MAX_KEYS_GATHERED) return
    else types.set(key, new Set([typeName(member)]))
  }
}
