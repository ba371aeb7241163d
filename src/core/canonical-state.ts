/** A state as text and back: what a snapshot holds, and what `canonical(state) == canonical(fold(log))` compares. */
import type { State } from './state.ts'

/** Raised when the shape of the state or the meaning of a reducer changes: older snapshots are then discarded. */
export const STATE_VERSION = 1

/** The state with its maps and sets as sorted or insertion-ordered arrays. */
type Encoded = Omit<State, 'tasks' | 'calls' | 'approvals' | 'index'> & {
  readonly tasks: [string, unknown][]
  readonly calls: [string, unknown][]
  readonly approvals: [string, unknown][]
  readonly index: { readonly [K in keyof State['index']]: unknown[] }
}

export function encodeState(state: State): string {
  const { index } = state
  const encoded: Encoded = {
    ...state,
    tasks: [...state.tasks],
    calls: [...state.calls],
    approvals: [...state.approvals],
    index: {
      started: [...index.started].sort(),
      unknown: [...index.unknown].sort(),
      openApprovals: [...index.openApprovals].sort(),
      effects: [...index.effects],
    },
  }
  return JSON.stringify(encoded)
}

/** Reads what `encodeState` of the same version wrote. */
export function decodeState(text: string): State {
  // A snapshot is our own text, and the caller has compared its version: its shape is known.
  const encoded = JSON.parse(text) as Omit<State, 'tasks' | 'calls' | 'approvals' | 'index'> & {
    tasks: [string, never][]
    calls: [string, never][]
    approvals: [string, never][]
    index: { started: string[]; unknown: string[]; openApprovals: string[]; effects: [string, string[]][] }
  }
  const { index } = encoded
  return {
    ...encoded,
    tasks: new Map(encoded.tasks),
    calls: new Map(encoded.calls),
    approvals: new Map(encoded.approvals),
    index: {
      started: new Set(index.started),
      unknown: new Set(index.unknown),
      openApprovals: new Set(index.openApprovals),
      effects: new Map(index.effects),
    },
  }
}
