/** Time that only moves when a test says so, and chance that is the same in every run. */
import type { Env } from '../ports/index.ts'

export type ManualEnvOptions = {
  /** The first moment, epoch milliseconds. */
  readonly now?: number
  /** Who this process is; each environment of one test should have its own. */
  readonly holder?: string
  /** Holders that are known to be dead. Where `holder` is one of them, its timers stay silent, as those of a process that has ended. */
  readonly dead?: ReadonlySet<string>
  /** A clock to share, so that several processes of one test live in one time. */
  readonly clock?: ManualClock
  /** What `random()` answers, always. 0 by default: no jitter. */
  readonly random?: number
}

export interface ManualEnv extends Env {
  /**
   * Moves the clock on and fires the timers that fall due, in their order. Before the first and after each timer, everything that
   * can happen without time passing happens.
   */
  advance(ms: number): Promise<void>
  /** Lets everything happen that can happen without time passing. */
  settle(): Promise<void>
  /** Timers that are set. */
  readonly timers: number
}

/** One time for all who share it. */
export interface ManualClock {
  now(): number
  setTimer(delayMs: number, callback: () => void): () => void
  advance(ms: number): Promise<void>
  settle(): Promise<void>
  readonly timers: number
}

type Timer = { readonly at: number; readonly order: number; readonly callback: () => void }

const START_AT = 1_700_000_000_000

export function manualClock(startAt: number = START_AT): ManualClock {
  const timers = new Set<Timer>()
  let now = startAt
  let order = 0
  const earliest = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at || one.order - other.order)[0]
  return {
    now: () => now,
    setTimer: (delayMs, callback) => {
      order += 1
      const timer = { at: now + Math.max(0, delayMs), order, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: async (ms) => {
      const until = now + ms
      await settle()
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.callback()
        await settle()
      }
      now = until
    },
    settle,
    get timers() {
      return timers.size
    },
  }
}

/** An environment over a manual clock. `uuid()` counts; its ids are sorted as they were made. */
export function manualEnv(options: ManualEnvOptions = {}): ManualEnv {
  const { holder = 'test', dead = new Set<string>(), random = 0 } = options
  const clock = options.clock ?? manualClock(options.now)
  const startedAt = clock.now()
  let made = 0
  return {
    now: clock.now,
    monotonic: () => clock.now() - startedAt,
    random: () => random,
    uuid: () => {
      made += 1
      return `${holder}-${String(made).padStart(6, '0')}`
    },
    setTimer: (delayMs, callback) =>
      clock.setTimer(delayMs, () => {
        if (!dead.has(holder)) callback()
      }),
    holder,
    isDead: (other) => dead.has(other),
    advance: clock.advance,
    settle: clock.settle,
    get timers() {
      return clock.timers
    },
  }
}

/** Turns of the event loop that anything without I/O comes to rest in. */
const TURNS = 8

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
