import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Sha256 of a text's UTF-8 bytes, in lower-case hex. */
export function textSha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** The value's canonical JSON (RFC 8785). Throws a TypeError where the value has no JSON form. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError(`expected a JSON value, found ${typeof value}`)
  return text
}

/** Sha256 of the value's canonical JSON (RFC 8785), the way the recorded state hashes are made. */
export function canonicalSha256(value: unknown): string {
  return textSha256(canonicalJson(value))
}
