/** One claim on one session, from its fence to its rest. */
import type { State } from '../core/index.ts'
import type { Env, SessionRef, Store } from '../ports/index.ts'
import type { StoreClock } from './clock.ts'
import type { Agent } from './define.ts'
import type { Loaded } from './load.ts'
import type { Mailbox } from './mailbox.ts'
import type { RuntimeLimits } from './options.ts'
import type { Secrets } from './secrets.ts'
import type { UnderWay } from './under-way.ts'
import type { Wiring } from './wiring.ts'
import type { Worker } from './worker.ts'

/** What drivers share: one of these a runtime. */
export type Driver = {
  readonly store: Store
  readonly env: Env
  readonly clock: StoreClock
  readonly limits: RuntimeLimits
  readonly wiring: Wiring
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
  /** The incarnation that claims now. */
  worker(): Worker
  readonly isDraining: () => boolean
  readonly observer: Observer
}

/** What the driver tells of itself as it goes: for `watch`, and for logs. Must not throw. */
export interface Observer {
  /** Events stand in the log. */
  committed(ref: SessionRef): void
  /** A piece of an answer that is not whole yet. */
  delta(ref: SessionRef, delta: LiveDelta): void
  /** Something that is no event, and that somebody may want to read. */
  report(ref: SessionRef | null, problem: unknown): void
}

/** A live piece of an answer. Deltas of an attempt that failed are superseded by those of the next. */
export type LiveDelta = {
  readonly type: 'text_delta' | 'reasoning_delta' | 'call_delta'
  readonly taskId: string
  readonly turn: number
  readonly attempt: number
  readonly text: string
  /** Of a call: its place among the calls of the answer, and its tool. */
  readonly index?: number
  readonly tool?: string
}

export type Activation = {
  readonly ref: SessionRef
  readonly driver: Driver
  readonly agent: Agent
  readonly worker: Worker
  readonly fence: number
  readonly deadFence: number
  loaded: Loaded
  readonly mailbox: Mailbox
  readonly underWay: UnderWay
  /** Lost races in a row; the third is run under the head row's lock. */
  conflicts: number
  /** When the newest pass began, on the monotonic clock: no intent of it is younger, however late the store answers. */
  passedAt: number
}

export function stateOf(activation: Activation): State {
  return activation.loaded.draft.state
}
