/** Looks for every value in every writing, in raw bytes. */
import { tracesOf } from './encodings.ts'
import { CUT_SETTLEMENT } from './people-paths.ts'
import { cutPaths } from './tool-paths.ts'

const CUT_LETTERS = 6

/** Something that was written or said, as the bytes that it is. */
export type Place = { readonly name: string; readonly bytes: Buffer }
/** `place` shows the value of `path`. */
export type Hit = { readonly path: string; readonly place: string }

export type Searched = { readonly path: string; readonly traces: readonly string[] }

export function searchedFor(
  planted: ReadonlyMap<string, string>,
  tokens: ReadonlyMap<string, string>,
): readonly Searched[] {
  const values = [...planted]
    .filter(([path]) => !tokens.has(path))
    .map(([path, value]) => ({ path, traces: tracesFor(path, value) }))
  return [...values, ...[...tokens].map(([path, trace]) => ({ path, traces: [trace] }))]
}

/** Of a value that was cut, the letters that it begins with. */
function tracesFor(path: string, value: string): readonly string[] {
  return path === CUT_SETTLEMENT || cutPaths.includes(path) ? [value.slice(0, CUT_LETTERS)] : tracesOf(value)
}

export function search(places: readonly Place[], searched: readonly Searched[]): readonly Hit[] {
  return places.flatMap(({ name, bytes }) =>
    searched.flatMap(({ path, traces }) =>
      traces.some((trace) => bytes.includes(trace)) ? [{ path, place: name }] : [],
    ),
  )
}
