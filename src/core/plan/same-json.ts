/** Whether two JSON values have the same canonical form (RFC 8785): the order of keys does not count, that of elements does. */
import type { Json } from '../json.ts'

/** A member that is undefined is none. */
export function isSameJson(one: unknown, other: unknown): boolean {
  const open: [unknown, unknown][] = [[one, other]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair
    if (left === right) continue
    if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false
    const keys = definedKeys(left)
    if (keys.length !== definedKeys(right).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false
      open.push([Reflect.get(left, key), Reflect.get(right, key)])
    }
  }
  return true
}

function definedKeys(value: object): readonly string[] {
  return Object.keys(value).filter((key) => Reflect.get(value, key) !== undefined)
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** A JSON object, and no list. */
export function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
  return isObject(value) && !Array.isArray(value)
}
