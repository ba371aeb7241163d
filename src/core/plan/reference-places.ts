/** Where the references of an input stand, as a tree: what is asked of a path takes a step for each of its keys. */
import type { Json } from '../json.ts'
import type { InputProblem } from './plan-context.ts'
import { type InputPath, referencesIn } from './references.ts'

/** A place at which a reference stands, or above one. */
export type Place = {
  readonly inside: Map<string, Place>
  isReference: boolean
  /** An issue was told of it, which may be the fault of a reference below. */
  isInDoubt: boolean
}

export function referencePlaces(input: Json): Place {
  const root = newPlace()
  for (const { path } of referencesIn(input).found) {
    let place = root
    for (const key of path) place = placeIn(place, key)
    place.isReference = true
  }
  return root
}

/** Of a path away from all references there is no doubt, nor of any where there are none. */
export function markDoubt(root: Place, path: InputPath): void {
  const place = path.reduce<Place | undefined>((at, key) => at?.inside.get(String(key)), root)
  if (place !== undefined && (place.isReference || place.inside.size > 0)) place.isInDoubt = true
}

/** It lies at a reference, or below one, or below a place that is in doubt. A field that nobody knows is wrong with any value. */
export function isInDoubt(root: Place, { path, isUnknownField }: InputProblem): boolean {
  let place: Place | undefined = root
  for (let depth = 0; place !== undefined; depth += 1) {
    const isValue = depth < path.length || isUnknownField !== true
    if (place.isInDoubt || (place.isReference && isValue)) return true
    const key: string | number | undefined = path[depth]
    place = key === undefined ? undefined : place.inside.get(String(key))
  }
  return false
}

/** Indexes are numbers here and may be texts there. */
function placeIn(place: Place, key: string | number): Place {
  const known = place.inside.get(String(key))
  if (known !== undefined) return known
  const fresh = newPlace()
  place.inside.set(String(key), fresh)
  return fresh
}

function newPlace(): Place {
  return { inside: new Map(), isReference: false, isInDoubt: false }
}
