/** A part of an artifact, small enough for a prompt. */
import { previewOf } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'
import { isPointer, keysOf, pointTo } from '../plan/json-pointer.ts'
import { didYouMean } from '../plan/near-names.ts'
import { isList, isObject } from './json-bytes.ts'
import { pointerAt } from './pointer.ts'
import { typeName } from './shorten.ts'
import { sliceOfMembers, sliceOfRows } from './slice-parts.ts'
import { sliceOfText } from './slice-text.ts'

/** Which part: without anything, the beginning. */
export type SliceRequest = {
  /** What to read in, a JSON Pointer (RFC 6901): "" or absent is all of it. */
  readonly pointer?: string
  /** From 0: rows of a list, members of an object, characters (UTF-16 units) of a text. */
  readonly offset?: number
  /** How many of them at most. */
  readonly limit?: number
  /** From 1; only of a text, and not together with `offset`. */
  readonly line?: number
  /** How many lines at most. */
  readonly lines?: number
}

/** What was found; or why nothing, in a sentence that says what there is. */
export type Slice =
  | { readonly type: 'slice'; readonly slice: JsonObject }
  | { readonly type: 'problem'; readonly problem: string }

/** A smaller `maxBytes` than this does not make slices smaller. */
export const MIN_SLICE_BYTES = 512
const MAX_PROBLEM_CHARACTERS = 1_000

/**
 * `{ type, … }`, at most `maxBytes` as JSON in UTF-8. Of a list `length`, `offset`, `rows`; of an object `length`, `offset`, `members`;
 * of a text `characters` and `text`, with `line` or `offset`; of a number, true, false or null its `value`. Where there is more,
 * `nextOffset` or `nextLine` says where reading goes on: read so to the end, every row, member and character comes exactly once. A row
 * or a member that does not fit alone is shown cut, and `cut` says where the whole of it is read.
 */
export function sliceOf(content: Json, request: SliceRequest, maxBytes: number): Slice {
  const misused = problemOfNumbers(request)
  if (misused !== null) return problem(misused)
  const pointer = request.pointer ?? ''
  const found = pointTo(content, pointer)
  if (found.type === 'missing') return problem(whyNothing(content, pointer, found.message))
  const { value } = found
  const room = Math.max(MIN_SLICE_BYTES, maxBytes)
  if (typeof value === 'string') return sliceOfText(value, request, room)
  if (request.line !== undefined || request.lines !== undefined)
    return problem(`only a text has lines, and this is ${wordFor(value)}: use offset and limit`)
  if (isList(value)) return sliceOfRows(value, request, room)
  if (isObject(value)) return sliceOfMembers(value, request, room)
  return { type: 'slice', slice: { type: typeName(value), value } }
}

function problem(words: string): Slice {
  return { type: 'problem', problem: previewOf(words, MAX_PROBLEM_CHARACTERS) }
}

function problemOfNumbers({ offset = 0, limit = 1, line, lines }: SliceRequest): string | null {
  if (!isWhole(offset, 0)) return `offset is a whole number from 0; found ${offset}`
  if (!isWhole(limit, 1)) return `limit is a whole number from 1; found ${limit}`
  if (!isWhole(line ?? 1, 1)) return `line is a whole number from 1; found ${line}`
  return isWhole(lines ?? 1, 1) ? null : `lines is a whole number from 1; found ${lines}`
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

function wordFor(value: Json): string {
  const name = typeName(value)
  if (name === 'null') return 'null'
  return `${name === 'array' || name === 'object' ? 'an' : 'a'} ${name}`
}

/** How far the pointer leads, what is there, and what may have been meant. */
function whyNothing(content: Json, pointer: string, message: string): string {
  if (!isPointer(pointer)) {
    const meant = `/${pointer}`
    const leads = isPointer(meant) && pointTo(content, meant).type === 'found'
    return leads ? `a JSON Pointer begins with "/": write ${JSON.stringify(meant)}` : message
  }
  if (typeof content === 'string') return 'it is one text, without a pointer into it: use line or offset'
  const { place, key } = lastPlace(content, pointer)
  // A list's own words say how long it is.
  return `${message}.${isObject(place) ? didYouMean(key, Object.keys(place)) : ''}`
}

function lastPlace(content: Json, pointer: string): { readonly place: Json; readonly key: string } {
  let [place, walked] = [content, '']
  for (const key of keysOf(pointer)) {
    const next = pointTo(content, pointerAt(walked, key))
    if (next.type === 'missing') return { place, key }
    walked = pointerAt(walked, key)
    place = next.value
  }
  return { place, key: '' }
}
