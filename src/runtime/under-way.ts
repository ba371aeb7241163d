/** What an activation has under way. An action leaves when its outcome stands in the log, not when its promise settles. */
import type { Action, Completion } from '../core/index.ts'

/** A completion on its way into the log, with the key of the action that it belongs to. */
export type Arrived = { readonly key: string; readonly completion: Completion }

export type Entry = {
  readonly action: Action
  readonly controller: AbortController
  /** True once its completion is in the inbox. */
  hasArrived: boolean
}

export interface UnderWay {
  readonly size: number
  has(key: string): boolean
  get(key: string): Entry | undefined
  add(key: string, entry: Entry): void
  /** Its promise has settled; its outcome does not stand in the log yet. */
  arrived(key: string): void
  /** Its outcome stands in the log, or was refused as late. */
  committed(key: string): void
  /** `next` does not speak of these keys any more. What may still cause an effect stays. */
  keepOnly(wanted: ReadonlySet<string>): void
  entries(): Iterable<[string, Entry]>
  clear(): void
}

export function createUnderWay(): UnderWay {
  const entries = new Map<string, Entry>()
  return {
    get size() {
      return entries.size
    },
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    add: (key, entry) => {
      entries.set(key, entry)
    },
    arrived: (key) => {
      const entry = entries.get(key)
      if (entry !== undefined) entry.hasArrived = true
    },
    committed: (key) => {
      entries.delete(key)
    },
    keepOnly: (wanted) => {
      for (const [key, entry] of entries) {
        if (wanted.has(key) || entry.action.type === 'call' || entry.hasArrived) continue
        entry.controller.abort(new Error('no longer wanted'))
        entries.delete(key)
      }
    },
    entries: () => entries,
    clear: () => entries.clear(),
  }
}
