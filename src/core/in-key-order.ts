import type { Json } from './json.ts'

/**
 * The value with the keys of every object in the order in which the log has them. What a prompt shows as text is then the same
 * whether a driver has just made the event or a later one reads it.
 */
export function inKeyOrder(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inKeyOrder)
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
  return Object.fromEntries(entries.map(([key, part]) => [key, inKeyOrder(part)]))
}
