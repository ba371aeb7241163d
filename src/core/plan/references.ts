/** References in inputs: where they stand, and what they come to. Nothing here needs a call stack as deep as the input. */
import type { Json } from '../json.ts'
import { pointTo } from './json-pointer.ts'
import { ITEM, type Reference } from './plan.ts'

/** Keys and indexes from the root of an input. */
export type InputPath = readonly (string | number)[]

export type FoundReference = { readonly path: InputPath; readonly reference: Reference }

export type ReferencesIn = {
  readonly found: readonly FoundReference[]
  /** Objects with a `$from` that are no reference: a mistake in writing one. */
  readonly broken: readonly InputPath[]
}

/** Exactly `{ $from, path? }`, both texts. Nothing else is a reference, whatever it looks like. */
export function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (!Object.hasOwn(value, '$from') || typeof Reflect.get(value, '$from') !== 'string') return false
  const keys = Object.keys(value)
  if (keys.length === 1) return true
  return keys.length === 2 && Object.hasOwn(value, 'path') && typeof Reflect.get(value, 'path') === 'string'
}

/** All references of an input, in the order in which they stand. */
export function referencesIn(input: Json): ReferencesIn {
  const found: FoundReference[] = []
  const broken: InputPath[] = []
  const open: Place[] = [{ value: input, parent: null, key: '' }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value } = place
    if (typeof value !== 'object' || value === null) continue
    if (isReference(value)) found.push({ path: pathOf(place), reference: value })
    else {
      if (Object.hasOwn(value, '$from')) broken.push(pathOf(place))
      openParts(value, place, open)
    }
  }
  return { found, broken }
}

export type ResolvedInput =
  | { readonly type: 'resolved'; readonly input: Json }
  | { readonly type: 'missing'; readonly reference: Reference; readonly message: string }

/**
 * The input with every reference replaced by what it names. What comes from a result is put in as it is: a result that holds a
 * `$from` of its own is not resolved again. `resultOf` answers undefined for a task without a result; `item` is what `$item` stands for.
 */
export function resolveInput(input: Json, resultOf: (taskId: string) => Json | undefined, item?: Json): ResolvedInput {
  const root: Json[] = []
  const open: Target[] = [{ value: input, into: root, key: 0 }]
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    const { value, into, key } = target
    if (typeof value !== 'object' || value === null) put(into, key, value)
    else if (isReference(value)) {
      const resolved = resolveReference(value, resultOf, item)
      if (resolved.type === 'missing') return resolved
      put(into, key, resolved.input)
    } else {
      const copy: Container = Array.isArray(value) ? [] : {}
      // Filled before anybody reads it.
      put(into, key, copy as Json)
      for (const [name, part] of partsOf(value).reverse()) open.push({ value: part, into: copy, key: name })
    }
  }
  return { type: 'resolved', input: root[0] ?? null }
}

/** What one reference names. */
export function resolveReference(
  reference: Reference,
  resultOf: (taskId: string) => Json | undefined,
  item?: Json,
): ResolvedInput {
  const { $from, path = '' } = reference
  const isItem = $from === ITEM
  const whole = isItem ? item : resultOf($from)
  const owner = isItem ? `the element that "${ITEM}" stands for` : `the result of ${JSON.stringify($from)}`
  if (whole === undefined) return { type: 'missing', reference, message: `there is no ${owner.replace(/^the /, '')}` }
  const pointed = pointTo(whole, path)
  if (pointed.type === 'found') return { type: 'resolved', input: pointed.value }
  return {
    type: 'missing',
    reference,
    message: `nothing stands at ${JSON.stringify(path)} of ${owner}: ${pointed.message}`,
  }
}

type Place = { readonly value: Json; readonly parent: Place | null; readonly key: string | number }

/** The last is put in first, so that they come out in their order. What holds no others is left out. */
function openParts(value: object, parent: Place, open: Place[]): void {
  const keys = Object.keys(value)
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const name = keys[index] ?? ''
    const part: unknown = Reflect.get(value, name)
    if (typeof part !== 'object' || part === null) continue
    // A part of a JSON value is one.
    open.push({ value: part as Json, parent, key: Array.isArray(value) ? index : name })
  }
}

function pathOf(place: Place): InputPath {
  const keys: (string | number)[] = []
  for (let at = place; at.parent !== null; at = at.parent) keys.push(at.key)
  return keys.reverse()
}

/** Its elements or own members. */
function partsOf(value: object): [string | number, Json][] {
  // The value is JSON, and so are its parts.
  return Array.isArray(value) ? value.map((part, index) => [index, part as Json]) : Object.entries(value)
}

type Container = Json[] | Record<string, Json>
type Target = { readonly value: Json; readonly into: Container; readonly key: string | number }

/** Also where the key means something to the language: assigned it would be the prototype. */
function put(into: Container, key: string | number, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true })
  // Lists get their elements in order, objects their members by name.
  else (into as Record<string | number, Json>)[key] = value
}
