/** Where two values part, as a path; null where they are the same. Maps keep their order, sets have none, and absent is undefined. */
export function differenceOf(one: unknown, other: unknown, path = 'state'): string | null {
  if (Object.is(one, other)) return null
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return `${path}: ${shown(one)}, and ${shown(other)}`
  if (one instanceof Map && other instanceof Map) return differenceOf([...one], [...other], path)
  if (one instanceof Set && other instanceof Set) return differenceOf([...one].sort(), [...other].sort(), path)
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length)
    return `${path}: ${one.length} items, and ${other.length}`
  return memberDifference(one, other, path)
}

function memberDifference(one: object, other: object, path: string): string | null {
  for (const key of Object.keys(one)) {
    const found = differenceOf(Reflect.get(one, key), Reflect.get(other, key), `${path}.${key}`)
    if (found !== null) return found
  }
  for (const key of Object.keys(other)) {
    if (Object.hasOwn(one, key) || Reflect.get(other, key) === undefined) continue
    return `${path}.${key}: nothing, and ${shown(Reflect.get(other, key))}`
  }
  return null
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100)
}
