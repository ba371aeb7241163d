import type { Json, JsonObject } from '../core/index.ts'

/** Settings where the later ones win; `providerOptions` are joined by provider, so that one setting does not drop the others. */
export function mergeSettings(first: JsonObject, second: JsonObject = {}): JsonObject {
  const merged: Record<string, Json> = { ...first, ...second }
  const [before, after] = [first['providerOptions'], second['providerOptions']]
  if (isObject(before) && isObject(after)) {
    const providers = Object.keys({ ...before, ...after })
    merged['providerOptions'] = Object.fromEntries(
      providers.map((name) => [name, { ...membersOf(before[name]), ...membersOf(after[name]) }]),
    )
  }
  return merged
}

function membersOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
