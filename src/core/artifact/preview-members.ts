/** The members of a large object, and the beginning of what is largest in it. */
import type { Json, JsonObject } from '../json.ts'
import { isList, isObject, jsonBytes, membersOf } from './json-bytes.ts'
import { pointerAt } from './pointer.ts'
import type { PreviewPart } from './preview.ts'
import { previewOfRows } from './preview-rows.ts'
import { cutKey, cutText, describe, shortened } from './shorten.ts'

const MAX_MEMBERS_SHOWN = 60
/** Larger values are told in words. */
const SMALL_BYTES = 100
const MAX_TEXT_CHARACTERS = 80
const SHARE_OF_MEMBERS = 0.4
/** Where lists are looked for: `{ response: { result: { rows: […] } } }` is found. */
const MAX_WRAPPERS = 3
const MAX_PLACES = 200
/** A list of less than this share of all bytes is not what the object is about. */
const SHARE_OF_LIST = 0.25
const ROWS_WEIGHED = 20
/** Of a pointer inside an example inside a sentence: escaped twice. */
const MAX_EXAMPLE_POINTER_BYTES = 120
/** `"length":…,"members":…,"within":…,"value":…` */
const MEMBERS_FRAME_BYTES = 80

/** `length`, `members`; and `within` (a JSON Pointer) with the first rows of the list that the object wraps, or a `value` cut. */
export function previewOfMembers(output: JsonObject, bytes: number, room: number): PreviewPart {
  const left = room - MEMBERS_FRAME_BYTES
  const place = wrappedList(output, bytes) ?? firstLarge(output)
  const { members, shown } = membersShown(output, place === null ? left : left * SHARE_OF_MEMBERS)
  const fields = { length: Object.keys(output).length, members }
  const isMore = shown > 0 && shown < fields.length
  if (place === null) return { fields, readOn: { pointer: '', ...(isMore && { offset: shown }) } }
  const { pointer, value } = place
  const rest = left - jsonBytes(members, room) - jsonBytes(pointer, room)
  if (isList(value)) {
    const { fields: ofRows, readOn } = previewOfRows(value, pointer, rest)
    const { length: rows = 0, ...first } = ofRows
    return { fields: { ...fields, within: pointer, withinLength: rows, ...first }, readOn }
  }
  return { fields: { ...fields, within: pointer, value: shortened(value, rest).value }, readOn: { pointer } }
}

/** Small values as they are, of texts the beginning, of others what they are. */
function membersShown(output: JsonObject, room: number): { readonly members: JsonObject; readonly shown: number } {
  const members = new Map<string, Json>()
  let left = room
  for (const [key, member] of membersOf(output)) {
    const name = cutKey(key)
    const value = inWords(member)
    left -= jsonBytes(name, room) + jsonBytes(value, room) + 2
    // Two keys that are cut alike would be one.
    if (left < 0 || members.size === MAX_MEMBERS_SHOWN || members.has(name)) break
    members.set(name, value)
  }
  const more = Object.keys(output).length - members.size
  const entries = [...members]
  return {
    members: Object.fromEntries(more > 0 ? [...entries, ['…', `+${more} more`]] : entries),
    shown: members.size,
  }
}

function inWords(member: Json): Json {
  if (jsonBytes(member, SMALL_BYTES) <= SMALL_BYTES) return member
  return typeof member === 'string' ? cutText(member, MAX_TEXT_CHARACTERS) : describe(member)
}

type Place = { readonly pointer: string; readonly value: Json }

/** The list that most of the object's bytes are in, some wrappers down; null: there is none. */
function wrappedList(output: JsonObject, bytes: number): Place | null {
  let best: Place | null = null
  let most = bytes * SHARE_OF_LIST
  let places: readonly Place[] = [{ pointer: '', value: output }]
  for (let wrappers = 0; wrappers < MAX_WRAPPERS; wrappers += 1) {
    places = places
      .flatMap(({ pointer, value }) => (isObject(value) ? placesIn(value, pointer) : []))
      .slice(0, MAX_PLACES)
    for (const place of places) {
      const weight = isList(place.value) ? weightOf(place.value, bytes) : 0
      if (weight > most) [best, most] = [place, weight]
    }
  }
  return best
}

function placesIn(value: JsonObject, pointer: string): readonly Place[] {
  const places: Place[] = []
  for (const [key, member] of membersOf(value)) {
    if (places.length === MAX_PLACES) break
    const place = { pointer: pointerAt(pointer, key), value: member }
    if (isShort(place.pointer)) places.push(place)
  }
  return places
}

function isShort(pointer: string): boolean {
  if (pointer.length > MAX_EXAMPLE_POINTER_BYTES) return false
  return jsonBytes(JSON.stringify(pointer), MAX_EXAMPLE_POINTER_BYTES) <= MAX_EXAMPLE_POINTER_BYTES
}

/** About how many bytes it has: some rows from all over it are measured. */
function weightOf(rows: readonly Json[], max: number): number {
  const step = Math.max(1, Math.floor(rows.length / ROWS_WEIGHED))
  const some = rows.filter((_, index) => index % step === 0)
  const bytes = some.reduce((sum: number, row) => sum + Math.min(max, jsonBytes(row, max)), 0)
  return (bytes / Math.max(1, some.length)) * rows.length
}

/** The first member that is told in words, where its pointer is no longer than an example should be. */
function firstLarge(output: JsonObject): Place | null {
  let looked = 0
  for (const [key, value] of membersOf(output)) {
    looked += 1
    if (looked > MAX_PLACES) break
    if (jsonBytes(value, SMALL_BYTES) <= SMALL_BYTES) continue
    const pointer = pointerAt('', key)
    if (isShort(pointer)) return { pointer, value }
  }
  return null
}
