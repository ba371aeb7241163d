import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../core/index.ts'

/** RFC 8785: keys sorted by UTF-16 code unit, JavaScript's number formatting. */
export function canonicalJson(value: Json | object): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  return text
}

/** sha256, hex, of text as UTF-8. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** sha256 of a value's canonical JSON. */
export function hashOf(value: Json | object): string {
  return sha256(canonicalJson(value))
}
