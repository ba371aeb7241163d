import { inspect, types } from 'node:util'
import type { Redactor } from './redact.ts'

const MAX_DEPTH = 6
const MAX_VALUES = 2_000

type Walk = { readonly redactor: Redactor; readonly copies: Map<object, unknown>; left: number }

/**
 * What was thrown, without secrets: the same object where it holds none, else a copy of it with the same prototype. Message, stack,
 * cause and fields of its own are looked at, six levels deep; what lies deeper is left out of a copy. In place of what has hidden
 * fields (a URL, headers) stands what a console would show of it.
 */
export function redactProblem(redactor: Redactor, problem: unknown): unknown {
  try {
    const walk: Walk = { redactor, copies: new Map(), left: MAX_VALUES }
    return clean(walk, problem, 0)
  } catch {
    return new Error('a problem was reported that cannot be read')
  }
}

function clean(walk: Walk, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return walk.redactor.text(value)
  if (typeof value === 'number') return walk.redactor.json(value)
  if (typeof value === 'function') return depth === 0 ? '[redacted:function]' : shown(walk, value)
  if (typeof value !== 'object' || value === null) return value
  const known = walk.copies.get(value)
  if (known !== undefined) return known
  walk.left -= 1
  if (depth > MAX_DEPTH || walk.left < 0) return isLeaf(value) ? value : '[redacted:depth]'
  walk.copies.set(value, value)
  const copy = copied(walk, value, depth)
  walk.copies.set(value, copy)
  return copy
}

/** As a console shows it, where that has to be redacted; else the value itself. */
function shown({ redactor }: Walk, value: object): unknown {
  const text = inspect(value, { depth: MAX_DEPTH, breakLength: Number.POSITIVE_INFINITY })
  const redacted = redactor.text(text)
  return redacted === text ? value : redacted
}

/** Whether it is known to have no fields but those that can be listed. */
function isOpen(value: object): boolean {
  if (value instanceof DOMException) return false
  if (Array.isArray(value) || types.isNativeError(value) || value instanceof Error) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function isLeaf(value: object): boolean {
  return Reflect.ownKeys(value).length === 0
}

function copied(walk: Walk, value: object, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return cleanBytes(walk, value)
  if (types.isAnyArrayBuffer(value)) return cleanBytes(walk, new Uint8Array(value), value)
  if (value instanceof Map || value instanceof Set) return cleanMembers(walk, value, depth)
  if (!isOpen(value)) {
    const instead = shown(walk, value)
    if (instead !== value) return instead
  }
  const descriptors = Object.getOwnPropertyDescriptors(value)
  let isChanged = false
  const fields: [PropertyKey, PropertyDescriptor][] = []
  for (const key of Reflect.ownKeys(descriptors)) {
    const before: unknown = Reflect.get(value, key)
    const name = typeof key === 'string' ? walk.redactor.text(key) : key
    const after = clean(walk, before, depth + 1)
    isChanged ||= after !== before || name !== key
    const { enumerable = false } = Object.getOwnPropertyDescriptor(value, key) ?? {}
    fields.push([name, { value: after, enumerable, writable: true, configurable: true }])
  }
  if (!isChanged) return value
  if (Array.isArray(value)) return fields.filter(([key]) => key !== 'length').map(([, field]) => field.value)
  const copy: object = Object.create(Object.getPrototypeOf(value))
  for (const [key, field] of fields) Object.defineProperty(copy, key, field)
  return copy
}

function cleanMembers(walk: Walk, value: Map<unknown, unknown> | Set<unknown>, depth: number): object {
  const members: readonly unknown[] = [...value]
  const cleaned = members.map((member) => clean(walk, member, depth + 1))
  return cleaned.every((member, index) => member === members[index]) ? value : cleaned
}

/** A body as bytes says as much as one as text. */
function cleanBytes({ redactor }: Walk, bytes: ArrayBufferView, value: object = bytes): object {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return redactor.text(text) === text ? value : Buffer.from('[redacted:bytes]')
}
