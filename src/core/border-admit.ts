import {
  type Admitted,
  type BorderLimits,
  type BorderMode,
  BorderProblem,
  forbiddenKeys,
  isUnsafeInteger,
  quotedAs,
} from './border-rules.ts'
import { isStorable, storable } from './border-text.ts'
import type { Json } from './json.ts'

/**
 * Takes in any JavaScript value as JSON: a copy that shares nothing with it, in plain objects. As in JSON, undefined is null in
 * an array and no member in an object; at the top it is null. Everything that JSON would lose or change is a problem that names
 * its path from `$`: functions, BigInt, NaN, dates, maps, instances of classes, cycles, whatever throws when it is read. `toJSON`
 * is never called. `maxBytes` counts the JSON text as it would be written. Never throws.
 */
export function admit(value: unknown, limits: BorderLimits, mode: BorderMode): Admitted {
  const visit: Visit = { limits, mode, bytes: 0, path: [], ancestors: new Set() }
  try {
    return { type: 'ok', value: copy(visit, value) ?? null }
  } catch (error) {
    const problem = readSafely(() => (error instanceof BorderProblem ? error.message : null), null)
    return { type: 'problem', problem: problem ?? `${pathOf(visit)}: it threw while it was read` }
  }
}

type Visit = {
  readonly limits: BorderLimits
  readonly mode: BorderMode
  bytes: number
  readonly path: (string | number)[]
  readonly ancestors: Set<object>
}

/** undefined: the value is undefined, which only its parent can judge. */
function copy(visit: Visit, value: unknown): Json | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined
    case 'string':
      return count(visit, copyText(visit, value))
    case 'number':
      return count(visit, copyNumber(visit, value))
    case 'boolean':
      return count(visit, value)
    case 'object':
      return value === null ? count(visit, null) : copyObject(visit, value)
    default:
      return fail(visit, `a ${typeof value} is not JSON${typeof value === 'bigint' ? ': write it as text' : ''}`)
  }
}

function copyText(visit: Visit, text: string): string {
  if (visit.mode === 'refuse' && !isStorable(text)) fail(visit, 'the text holds a NUL or half of a surrogate pair')
  return storable(text)
}

function copyNumber(visit: Visit, value: number): number {
  if (!Number.isFinite(value)) fail(visit, `${value} is not a JSON number`)
  if (isUnsafeInteger(value))
    fail(visit, `the integer ${value} is beyond 2^53 and may have lost digits: write it as text`)
  return value === 0 ? 0 : value
}

function copyObject(visit: Visit, value: object): Json {
  const { ancestors, limits } = visit
  if (ancestors.has(value)) fail(visit, 'it contains itself')
  if (ancestors.size >= limits.maxDepth) fail(visit, `nested deeper than ${limits.maxDepth} levels`)
  ancestors.add(value)
  const copied = Array.isArray(value) ? copyItems(visit, value) : copyMembers(visit, value)
  ancestors.delete(value)
  return copied
}

function copyItems(visit: Visit, items: readonly unknown[]): Json {
  addBytes(visit, 2)
  const copied: Json[] = []
  const { length } = items
  // No item is shorter than a digit and a comma: a list of holes is not walked to its end.
  if (visit.bytes + 2 * length - 1 > visit.limits.maxBytes) addBytes(visit, 2 * length - 1)
  for (let index = 0; index < length; index += 1) {
    visit.path.push(index)
    if (index > 0) addBytes(visit, 1)
    const item = copy(visit, items[index])
    copied.push(item === undefined ? count(visit, null) : item)
    visit.path.pop()
  }
  return copied
}

function copyMembers(visit: Visit, value: object): Json {
  if (!isPlain(value)) fail(visit, `${nameOf(value)} is not JSON: make it text, a plain object or a list before`)
  addBytes(visit, 2)
  const copied: Record<string, Json> = {}
  let members = 0
  for (const key of Object.keys(value)) {
    visit.path.push(key)
    const member = copy(visit, Reflect.get(value, key))
    if (member !== undefined) {
      const name = copyKey(visit, key)
      if (Object.hasOwn(copied, name))
        fail(visit, 'the key stands twice once its NUL or half of a surrogate pair is replaced')
      addBytes(visit, members > 0 ? 2 : 1)
      members += 1
      copied[name] = member
    }
    visit.path.pop()
  }
  return copied
}

function copyKey(visit: Visit, key: string): string {
  if (forbiddenKeys.has(key)) fail(visit, 'the key is not allowed')
  return count(visit, copyText(visit, key))
}

/** Made by `{}`, `Object.create(null)` or JSON, here or in another realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return true
  if (typeof prototype !== 'object') return false
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

function nameOf(value: object): string {
  const name = readSafely(() => value.constructor.name, '')
  return typeof name === 'string' && /^[\w$]{1,40}$/.test(name) ? `an instance of ${name}` : 'an instance of a class'
}

/** Counts what the value costs as JSON text. */
function count<Value extends null | boolean | number | string>(visit: Visit, value: Value): Value {
  addBytes(visit, typeof value === 'string' ? writtenBytes(value, visit.limits.maxBytes) : String(value).length)
  return value
}

function addBytes(visit: Visit, bytes: number): void {
  visit.bytes += bytes
  if (visit.bytes > visit.limits.maxBytes)
    fail(visit, `expected at most ${visit.limits.maxBytes} bytes of JSON, found more`)
}

/** Bytes of a well-formed text as JSON writes it, quotes and escapes included. Stops counting some way over `enough`. */
function writtenBytes(text: string, enough: number): number {
  if (text.length > enough) return text.length
  let bytes = 2
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x20) bytes += '\b\t\n\f\r'.includes(text.charAt(index)) ? 2 : 6
    else if (unit < 0x80) bytes += unit === 0x22 || unit === 0x5c ? 2 : 1
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 2
    else bytes += 3
  }
  return bytes
}

function pathOf(visit: Visit): string {
  const steps = visit.path.map((step) => {
    if (typeof step === 'number') return `[${step}]`
    if (/^[A-Za-z_$][\w$]{0,39}$/.test(step)) return `.${step}`
    return `[${quotedAs('key', step)}]`
  })
  const shown = steps.length <= 12 ? steps : [...steps.slice(0, 6), '…', ...steps.slice(-6)]
  return `$${shown.join('')}`
}

function fail(visit: Visit, problem: string): never {
  throw new BorderProblem(`${pathOf(visit)}: ${problem}`)
}

function readSafely<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}
