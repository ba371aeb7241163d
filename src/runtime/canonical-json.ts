import canonicalize from 'canonicalize'
import type { Json } from '../core/index.ts'

/** Deeper values take the library's way, which needs no call stack. */
const MAX_DEPTH = 100

/**
 * RFC 8785: keys sorted by UTF-16 code unit, JavaScript's number formatting.
 *
 * The RFC defines strings and numbers by ECMAScript's own serialization, so for plain values whose keys stand in order
 * `JSON.stringify` writes the canonical form, several times as fast as it can be put together in JavaScript. What is not plain
 * goes to the library; a property test holds the two ways against each other.
 */
export function canonicalJson(value: Json | object): string {
  const ordered = inOrder(value, 0)
  const text = ordered === UNUSUAL ? canonicalize(value) : JSON.stringify(ordered)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  // `JSON.stringify` escapes half of a surrogate pair; the library refuses it.
  return ordered !== UNUSUAL && text.includes('\\ud') ? checked(value) : text
}

const UNUSUAL = Symbol('not plain')

/** The value with the keys of every object in order; `UNUSUAL` where the engine would write anything but the canonical form. */
function inOrder(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : UNUSUAL
    case 'object':
      if (value === null) return null
      if (depth > MAX_DEPTH) return UNUSUAL
      return Array.isArray(value) ? itemsInOrder(value, depth) : membersInOrder(value, depth)
    default:
      return UNUSUAL
  }
}

function itemsInOrder(items: readonly unknown[], depth: number): unknown {
  const ordered: unknown[] = []
  for (const item of items) {
    const each = inOrder(item, depth + 1)
    if (each === UNUSUAL) return UNUSUAL
    ordered.push(each)
  }
  return ordered
}

function membersInOrder(members: object, depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(members)
  if (prototype !== Object.prototype && prototype !== null) return UNUSUAL
  const ordered: Record<string, unknown> = {}
  for (const key of Object.keys(members).sort()) {
    if (isUnusualKey(key)) return UNUSUAL
    const member: unknown = Reflect.get(members, key)
    // Left out by either way.
    if (member === undefined) continue
    const each = inOrder(member, depth + 1)
    if (each === UNUSUAL) return UNUSUAL
    ordered[key] = each
  }
  return ordered
}

/** Keys that look like an index come first in an object, whatever their order; the other two mean something to the language. */
function isUnusualKey(key: string): boolean {
  const first = key.charCodeAt(0)
  return (first >= 0x30 && first <= 0x39) || key === '__proto__' || key === 'toJSON'
}

function checked(value: Json | object): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  return text
}
