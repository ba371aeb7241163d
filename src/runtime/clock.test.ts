import { expect, test } from 'vitest'
import { createStoreClock } from './clock.ts'

/** A worker whose own wall clock says 0, and whose monotonic clock is set by hand. */
function clockAt() {
  let monotonic = 0
  const env = { now: () => 0, monotonic: () => monotonic }
  return { clock: createStoreClock(env), passes: (ms: number) => (monotonic += ms), monotonic: () => monotonic }
}

test('an answer that was long on its way does not set the clock back: an intent must not look older than it is', () => {
  const { clock, passes, monotonic } = clockAt()
  clock.learn(1_000, monotonic())
  passes(100)
  const askedAt = monotonic()
  // The store looked at its clock at once; then the disk took 300 ms, or the worker was frozen.
  passes(300)
  clock.learn(1_101, askedAt)
  expect(clock.now()).toBe(1_400)
})

test('what the store says holds as far as the answer can be that old, in both directions', () => {
  const { clock, passes, monotonic } = clockAt()
  clock.learn(1_000, monotonic())
  const askedAt = monotonic()
  passes(10)
  clock.learn(5_000, askedAt)
  expect(clock.now()).toBe(5_000)
  // The store's clock was set back.
  clock.learn(2_000, askedAt)
  expect(clock.now()).toBe(2_010)
})
