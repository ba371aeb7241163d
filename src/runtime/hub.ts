/** Who watches which session in this process: commits ring, deltas are handed over. Never slows the driver. */
import type { SessionRef } from '../ports/index.ts'
import type { LiveDelta } from './activation.ts'

export interface Listener {
  /** Something was committed: read on. */
  committed(): void
  delta(delta: LiveDelta): void
}

export interface Hub {
  subscribe(ref: SessionRef, listener: Listener): () => void
  committed(ref: SessionRef): void
  delta(ref: SessionRef, delta: LiveDelta): void
}

export function createHub(): Hub {
  const listeners = new Map<string, Set<Listener>>()
  const keyOf = (ref: SessionRef) => `${ref.sessionId}/${ref.tenant}`
  return {
    subscribe: (ref, listener) => {
      const key = keyOf(ref)
      const members = listeners.get(key) ?? new Set()
      listeners.set(key, members.add(listener))
      return () => {
        members.delete(listener)
        if (members.size === 0) listeners.delete(key)
      }
    },
    committed: (ref) => {
      if (listeners.size === 0) return
      for (const listener of listeners.get(keyOf(ref)) ?? []) listener.committed()
    },
    delta: (ref, delta) => {
      if (listeners.size === 0) return
      for (const listener of listeners.get(keyOf(ref)) ?? []) listener.delta(delta)
    },
  }
}
