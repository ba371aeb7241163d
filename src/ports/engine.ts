import type { Env } from './env.ts'
import type { Store } from './store.ts'
import type { SessionRef } from './store-records.ts'

/** What an engine works with. */
export type EngineHost = {
  readonly store: Store
  readonly env: Env
  readonly noticeMs: number
  readonly maxSessionsInFlight: number
  /** What is driven alone has a process of its own: nothing here has to wait for it. */
  readonly aloneIsElsewhere: boolean
  /** What this host can drive, for `Leases.due`. */
  readonly format: number
  readonly agents: readonly string[]
  /**
   * Claims a session and drives it until it rests. `alone` once its claims have died before. Never throws.
   * `must_drive_alone`: it was let go again; call once more, alone. `failed`: nobody knows whether this worker holds it now; only
   * another call can tell, since its lease goes on.
   */
  drive(
    ref: SessionRef,
    options: { readonly alone: boolean; readonly deadWorkers: readonly string[] },
  ): Promise<'rested' | 'left' | 'must_drive_alone' | 'failed'>
  /** Sessions that are driven now, and what their drivers know of them. */
  driven(): readonly { readonly ref: SessionRef; readonly version: number; readonly fence: number }[]
  /** Tells a driver that its session's head has moved. */
  notice(ref: SessionRef): void
  /** What is done again and again in between: erases what is kept no longer. `everyMs` 0: never. */
  readonly retention: { readonly everyMs: number; readonly run: (signal: AbortSignal) => Promise<unknown> }
  /** Says that a look at the store failed; the engine tries again. */
  report(problem: unknown): void
}

/** Who drives a session, and when. A hint is only a hint: the store's wakes are the truth. */
export interface Engine {
  start(host: EngineHost): void
  /** Something may be due for this session: look now. */
  poke(ref: SessionRef): void
  /** Starts nothing more. Resolves when no drive that it started is under way. */
  stop(): Promise<void>
}
