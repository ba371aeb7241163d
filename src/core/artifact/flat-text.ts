/** A value as words, for a search: `name: Lamp; price: 12; tags: red, small`. */
import type { Json } from '../json.ts'
import { isList, membersOf } from './json-bytes.ts'

const MAX_DEPTH = 16

/** Null: it is longer than that, or deep. Stops as soon as it is. */
export function flatText(value: Json, maxCharacters: number): string | null {
  const text = flat(value, maxCharacters, MAX_DEPTH)
  return text === null || text.length > maxCharacters ? null : text
}

function flat(value: Json, left: number, depth: number): string | null {
  if (typeof value === 'string') return value.length > left ? null : value
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth === 0) return null
  const parts: string[] = []
  let characters = 0
  const take = (before: string, part: Json): boolean => {
    const text = flat(part, left - characters, depth - 1)
    if (text === null) return false
    parts.push(`${before}${text}`)
    // The separator counts, so that empty parts are bounded too.
    characters += before.length + text.length + 2
    return characters - 2 <= left
  }
  if (isList(value)) {
    for (const row of value) if (!take('', row)) return null
    return parts.join(', ')
  }
  for (const [key, member] of membersOf(value)) if (!take(`${key}: `, member)) return null
  return parts.join('; ')
}
