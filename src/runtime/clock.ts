import type { Env } from '../ports/index.ts'

/** The driver's estimate of the store's clock: the time that the store returned last, and the monotonic time since. */
export interface StoreClock {
  now(): number
  learn(storeNow: number): void
}

export function createStoreClock(env: Env): StoreClock {
  let storeNow = env.now()
  let learnedAt = env.monotonic()
  return {
    now: () => Math.floor(storeNow + env.monotonic() - learnedAt),
    learn: (now) => {
      storeNow = now
      learnedAt = env.monotonic()
    },
  }
}
