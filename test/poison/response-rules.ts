/** What must hold of a model's answer before it may stand in a log. */
import type { ModelResponse } from '../../src/core/index.ts'

const partTypes: ReadonlySet<string> = new Set(['text', 'reasoning', 'call', 'invalid_call', 'other'])
const finishes: ReadonlySet<string> = new Set(['stop', 'length', 'refusal', 'tool_calls', 'error', 'other'])
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const NAME_CHARACTERS = 200

export function responseComplaint(response: ModelResponse, text: string, maxBytes: number): string | null {
  const { parts, finish, usage } = response
  if (!Array.isArray(parts) || !parts.every((part) => partTypes.has(part?.type))) return 'a part of no known type'
  if (!finishes.has(finish)) return `the finish ${JSON.stringify(finish)} is not one of the vocabulary`
  if (Buffer.byteLength(text) > maxBytes) return 'larger than an event'
  const bad = badIn(JSON.parse(text))
  if (bad !== null) return bad
  for (const part of parts) {
    if (
      (part.type === 'call' || part.type === 'invalid_call') &&
      [part.tool, part.providerCallId].some((name) => typeof name !== 'string' || name.length > NAME_CHARACTERS)
    )
      return 'a name without end'
  }
  return usageComplaint(usage)
}

export function usageComplaint(usage: unknown): string | null {
  if (usage === null) return null
  const counts = Object.values(usage ?? { missing: Number.NaN })
  const isHonest = counts.every((count) => Number.isSafeInteger(count) && Number(count) >= 0)
  return isHonest ? null : `the usage ${JSON.stringify(usage)} cannot be`
}

/** What must stand in no log: keys of prototypes, NUL, half of a surrogate pair, a number that lost digits. */
export function badIn(value: unknown): string | null {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? null : 'bytes that no log takes'
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    const bad = forbidden.has(key) ? 'a key of prototypes' : (badIn(key) ?? badIn(member))
    if (bad !== null) return bad
  }
  return null
}
