import type { Env } from '../ports/index.ts'

/** The driver's estimate of the store's clock: the time that the store returned last, and the monotonic time since. */
export interface StoreClock {
  now(): number
  /** `askedAt`: when the store was asked, on the monotonic clock. It looked at its own clock somewhere between then and now. */
  learn(storeNow: number, askedAt: number): void
}

export function createStoreClock(env: Pick<Env, 'now' | 'monotonic'>): StoreClock {
  let storeNow = env.now()
  let learnedAt = env.monotonic()
  const estimate = () => storeNow + env.monotonic() - learnedAt
  return {
    now: () => Math.floor(estimate()),
    learn: (answered, askedAt) => {
      // An answer may be as old as the question: a slow one must not set the clock back, or intents look older than they are.
      const latest = answered + Math.max(0, env.monotonic() - askedAt)
      storeNow = Math.min(Math.max(estimate(), answered), latest)
      learnedAt = env.monotonic()
    },
  }
}
