/** Rows of a list and members of an object, as many as fit. */
import type { Json, JsonObject } from '../json.ts'
import { jsonBytes } from './json-bytes.ts'
import { pointerAt } from './pointer.ts'
import { cutKey, shortened } from './shorten.ts'
import type { Slice, SliceRequest } from './slice.ts'

/** All but the rows or members and what is said of a cut one. */
const FRAME_BYTES = 150
/** A longer pointer than this is not repeated: the offset says which row it is. */
const MAX_POINTER_BYTES = 100
/** `,"cut":{"offset":…,"pointer":…}` */
const CUT_BYTES = 60 + MAX_POINTER_BYTES

type Part = { readonly key: string | number; readonly value: Json }
type Parts = {
  readonly shown: readonly Part[]
  /** Only one that stands alone is cut. */
  readonly isCut: boolean
}

export function sliceOfRows(rows: readonly Json[], request: SliceRequest, room: number): Slice {
  const { offset = 0, limit = rows.length } = request
  if (isPastEnd(offset, rows.length)) return pastEnd('a list', 'row', { offset, length: rows.length })
  const parts = partsWithin((index) => ({ key: index, value: rows[index] ?? null }), {
    offset,
    end: Math.min(rows.length, offset + limit),
    room: room - FRAME_BYTES,
  })
  const fields = { type: 'array', length: rows.length, offset, rows: parts.shown.map(({ value }) => value) }
  return { type: 'slice', slice: { ...fields, ...goingOn(parts, request, rows.length) } }
}

export function sliceOfMembers(value: JsonObject, request: SliceRequest, room: number): Slice {
  const keys = Object.keys(value)
  const { offset = 0, limit = keys.length } = request
  if (isPastEnd(offset, keys.length)) return pastEnd('an object', 'member', { offset, length: keys.length })
  const memberAt = (index: number): Part => {
    const key = keys[index] ?? ''
    return { key, value: value[key] ?? null }
  }
  const end = Math.min(keys.length, offset + limit)
  const parts = partsWithin(memberAt, { offset, end, room: room - FRAME_BYTES })
  // A key that is too long is cut together with its value.
  const entries = parts.shown.map(({ key, value: member }) => [parts.isCut ? cutKey(String(key)) : key, member])
  const fields = { type: 'object', length: keys.length, offset, members: Object.fromEntries(entries) }
  return { type: 'slice', slice: { ...fields, ...goingOn(parts, request, keys.length) } }
}

type Span = { readonly offset: number; readonly end: number; readonly room: number }

function partsWithin(partAt: (index: number) => Part, { offset, end, room }: Span): Parts {
  const shown: Part[] = []
  let left = room
  for (let index = offset; index < end; index += 1) {
    const part = partAt(index)
    const bytes = keyBytes(part.key, left) + jsonBytes(part.value, left) + 2
    if (bytes > left) {
      if (shown.length > 0) break
      return { shown: [cutPart(part, room - CUT_BYTES)], isCut: true }
    }
    shown.push(part)
    left -= bytes
  }
  return { shown, isCut: false }
}

function cutPart({ key, value }: Part, room: number): Part {
  const ofKey = typeof key === 'number' ? 0 : jsonBytes(cutKey(key), Number.POSITIVE_INFINITY)
  return { key, value: shortened(value, Math.max(3, room - ofKey)).value }
}

function keyBytes(key: string | number, max: number): number {
  return typeof key === 'number' ? 0 : jsonBytes(key, max)
}

function goingOn({ shown, isCut }: Parts, { pointer = '', offset = 0 }: SliceRequest, length: number): JsonObject {
  const [first] = shown
  const whole = first === undefined ? '' : pointerAt(pointer, first.key)
  const isNamed = jsonBytes(whole, MAX_POINTER_BYTES) <= MAX_POINTER_BYTES
  const after = offset + shown.length
  return {
    ...(isCut && { cut: { offset, ...(isNamed && { pointer: whole }) } }),
    ...(after < length && { nextOffset: after }),
  }
}

/** Of something empty, 0 is no place past its end: it is read, and is empty. */
function isPastEnd(offset: number, length: number): boolean {
  return offset > 0 && offset >= length
}

function pastEnd(
  what: string,
  part: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Slice {
  const last = length === 0 ? 'it is empty' : `the last ${part} is at offset ${length - 1}`
  return { type: 'problem', problem: `offset ${offset} is past the end of ${what} of ${length}: ${last}` }
}
