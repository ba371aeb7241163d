/** A state as text and back: what a snapshot holds, and what `canonical(state) == canonical(fold(log))` compares. */
import type { State } from './state.ts'

/** Raised when the shape of the state or the meaning of a reducer changes: older snapshots are then discarded. */
export const STATE_VERSION = 1

export function encodeState(state: State): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (value instanceof Map) return { $map: [...value] }
    if (value instanceof Set) return { $set: [...value].sort() }
    return value
  })
}

/** Reads what `encodeState` wrote. The caller vouches for the version. */
export function decodeState(text: string): State {
  // A snapshot is our own text, written by `encodeState` of the same version: its shape is known.
  return JSON.parse(text, revive) as State
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$map' in value && Array.isArray(value.$map)) return new Map(value.$map as [unknown, unknown][])
  if ('$set' in value && Array.isArray(value.$set)) return new Set(value.$set as unknown[])
  return value
}
