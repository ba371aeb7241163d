import type { State } from './state.ts'

/**
 * A state under change. Reducers write through its few helpers, which keep a journal while a pass is open, so that a pass that
 * could not be committed is undone instead of reloaded.
 */
export class Draft {
  readonly state: State
  /** Null outside a pass: nothing will have to be undone. */
  undos: (() => void)[] | null = null

  constructor(state: State) {
    this.state = state
  }

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    if (this.undos !== null) {
      const before = target[key]
      this.undos.push(() => {
        target[key] = before
      })
    }
    target[key] = value
  }

  /** Adds a number to a counter. */
  count<K extends string>(target: Record<K, number>, key: K, by: number): void {
    this.set(target, key, target[key] + by)
  }

  /** Puts a new key into a map. The key must not be there: an undo deletes it. */
  put<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.undos?.push(() => map.delete(key))
    map.set(key, value)
  }

  /** Puts a value in the place of the one with its key, if there is one. */
  replace<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key)
    if (before === undefined) return this.put(map, key, value)
    this.undos?.push(() => map.set(key, before))
    map.set(key, value)
  }

  pop<T>(list: T[]): void {
    if (list.length === 0) return
    const [last] = list.splice(-1)
    // The list was not empty.
    this.undos?.push(() => list.push(last as T))
  }

  push<T>(list: T[], value: T): void {
    this.undos?.push(() => list.pop())
    list.push(value)
  }

  add<T>(members: Set<T>, value: T): void {
    if (members.has(value)) return
    this.undos?.push(() => members.delete(value))
    members.add(value)
  }

  /** Takes a member out. Sets of the state carry no order that anything may depend on: an undo puts the member at the end. */
  drop<T>(members: Set<T>, value: T): void {
    if (!members.has(value)) return
    this.undos?.push(() => members.add(value))
    members.delete(value)
  }
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
