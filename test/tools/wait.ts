import { setTimeout as after } from 'node:timers/promises'

const LOOK_MS = 5

/** Looks until it holds, or the time is over: what it found, or null. */
export async function eventually<T>(find: () => Promise<T | null> | T | null, maxMs: number): Promise<T | null> {
  for (const until = performance.now() + maxMs; ; ) {
    const found = await find()
    if (found !== null || performance.now() >= until) return found
    await after(LOOK_MS)
  }
}
