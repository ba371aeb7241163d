/**
 * A state under change. Reducers write through these few helpers, which keep a journal while a pass is open, so that a pass that
 * could not be committed is undone instead of reloaded.
 */
import type { State } from './state.ts'

export interface Draft {
  readonly state: State
  /** Null outside a pass: nothing will have to be undone. */
  undos: (() => void)[] | null
}

export function openPass(draft: Draft): void {
  draft.undos = []
}

export function keepPass(draft: Draft): void {
  draft.undos = null
}

export function undoPass(draft: Draft): void {
  const undos = draft.undos ?? []
  draft.undos = null
  for (let index = undos.length - 1; index >= 0; index -= 1) undos[index]?.()
}

export function set<T extends object, K extends keyof T>(draft: Draft, target: T, key: K, value: T[K]): void {
  if (draft.undos !== null) {
    const before = target[key]
    draft.undos.push(() => {
      target[key] = before
    })
  }
  target[key] = value
}

/** Adds a number to a counter. */
export function count<K extends string>(draft: Draft, target: Record<K, number>, key: K, by: number): void {
  set(draft, target, key, target[key] + by)
}

/** Puts a new key into a map. The key must not be there: an undo deletes it. */
export function put<K, V>(draft: Draft, map: Map<K, V>, key: K, value: V): void {
  draft.undos?.push(() => map.delete(key))
  map.set(key, value)
}

export function push<T>(draft: Draft, list: T[], value: T): void {
  draft.undos?.push(() => list.pop())
  list.push(value)
}

export function add<T>(draft: Draft, members: Set<T>, value: T): void {
  if (members.has(value)) return
  draft.undos?.push(() => members.delete(value))
  members.add(value)
}

/** Takes a member out. Sets of the state carry no order that anything may depend on: an undo puts the member at the end. */
export function drop<T>(draft: Draft, members: Set<T>, value: T): void {
  if (!members.has(value)) return
  draft.undos?.push(() => members.add(value))
  members.delete(value)
}
