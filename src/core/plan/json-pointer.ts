/** JSON Pointers (RFC 6901): the name of a part of a JSON value. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'

/** What stands at a pointer; where nothing does, how far the value goes, in words. */
export type Pointed =
  | { readonly type: 'found'; readonly value: Json }
  | { readonly type: 'missing'; readonly message: string }

/** Whether the text is a pointer: empty, or keys after slashes, with `~0` for "~" and `~1` for "/". */
export function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text)
}

/** The keys of a pointer, from the root. */
export function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Only own members are found, and elements by their number: "-" and "01" name none. */
export function pointTo(value: Json, pointer: string): Pointed {
  if (!isPointer(pointer)) return { type: 'missing', message: `${shown(pointer)} is no JSON Pointer: ${POINTER_FORM}` }
  let place = value
  let walked = ''
  for (const key of keysOf(pointer)) {
    const part = partOf(place, key)
    if (part === undefined) return { type: 'missing', message: whyMissing(place, walked, key) }
    walked += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    place = part
  }
  return { type: 'found', value: place }
}

/** Said wherever a pointer is refused. */
export const POINTER_FORM = 'write it as "/rows/0", or leave it out for all of the result'

function partOf(place: Json, key: string): Json | undefined {
  if (typeof place !== 'object' || place === null) return undefined
  if (isList(place)) return /^(?:0|[1-9]\d*)$/.test(key) ? place[Number(key)] : undefined
  return Object.hasOwn(place, key) ? place[key] : undefined
}

const MAX_KEYS_SHOWN = 8

function whyMissing(place: Json, walked: string, key: string): string {
  const where = walked === '' ? 'it' : shown(walked)
  if (typeof place !== 'object' || place === null) return `${where} is ${place === null ? 'null' : `a ${typeof place}`}`
  if (isList(place)) return `${where} is a list of ${place.length}, without an element ${shown(key)}`
  const keys = Object.keys(place)
  const some = keys.slice(0, MAX_KEYS_SHOWN).map(shown).join(', ')
  const more = keys.length > MAX_KEYS_SHOWN ? ` and ${keys.length - MAX_KEYS_SHOWN} more` : ''
  return `${where} has no ${shown(key)}: ${keys.length === 0 ? 'it is empty' : `it has ${some}${more}`}`
}

function shown(text: string): string {
  return JSON.stringify(previewOf(text, 80))
}

/** `Array.isArray` does not know that a readonly list is one. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
