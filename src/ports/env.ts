/** All chance and all time. The simulator owns every member in tests. */
export interface Env {
  /** Epoch milliseconds of this machine's clock; may jump. */
  now(): number
  /** Milliseconds of a clock that never jumps, from any start. */
  monotonic(): number
  /** In [0, 1). */
  random(): number
  /** A UUIDv7. */
  uuid(): string
  /** Calls back once after `delayMs`, unless the returned function was called before. A delay over 2^31 - 1 ms is clamped. */
  setTimer(delayMs: number, callback: () => void): () => void
  /** Who this process is, for the holders of leases. */
  readonly holder: string
  /** Present where time is the machine's own, so that a thread can tell whether the event loop stands still. Never in simulations. */
  readonly isRealTime?: true
  /** True only where it is certain that the holder is gone: the same machine, and its process no longer runs. */
  isDead(holder: string): boolean
}
