import { hash } from 'node:crypto'
import type { Json } from '../core/index.ts'
import { canonicalJson } from './canonical-json.ts'

export { canonicalJson }

/** sha256, hex, of text as UTF-8. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** sha256, hex, of bytes. */
export function sha256Bytes(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

/** sha256 of a value's canonical JSON. */
export function hashOf(value: Json | object): string {
  return sha256(canonicalJson(value))
}
