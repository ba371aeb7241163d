/** What every part of a simulation shares: the seed's chance, the clock, the shape, and what has been observed. */
import type { EffectClass, Verdict } from '../../core/index.ts'
import type { SessionRef, Store } from '../../ports/index.ts'
import type { ArtifactsKept } from './artifacts-kept.ts'
import type { Chance } from './chance.ts'
import type { MarkName } from './coverage-marks.ts'
import type { SessionRecord } from './record.ts'
import type { Records } from './records.ts'
import type { Scheduler } from './scheduler.ts'
import type { Faults, Shape } from './shape.ts'

export type Violation = {
  readonly invariant: string
  readonly detail: string
  readonly tenant: string
  readonly sessionId: string
}

/** What an observer knows of the agent under test without asking the runtime. */
export type Expected = {
  readonly effectOf: (tool: string) => EffectClass | null
  /** The tools of a specialist; null: of the agent. */
  readonly toolsOf: (specialist: string | null) => readonly string[]
  /** How often the runtime may repeat it. */
  readonly retriesOf: (tool: string) => number
  /** What policy has to say of a call that is about to start; null where the agent is not ours. */
  readonly verdictOf: ((record: SessionRecord, tool: string, input: unknown) => Verdict) | null
}

export type World = {
  readonly seed: number
  readonly shape: Shape
  readonly chance: Chance
  readonly scheduler: Scheduler
  /** The store that really keeps the logs; processes reach it through a network that delays and loses. */
  readonly base: Store
  readonly records: Records
  readonly artifacts: ArtifactsKept
  readonly expected: Expected
  /** What strikes now: nothing once the world has healed. */
  faults: Faults
  hasHealed: boolean
  /** The newest fence that the store has given out, by key of the session. */
  readonly fences: Map<string, number>
  /** Of sessions, by key, as the store counts them. */
  readonly deaths: Map<string, number>
  /** Fences under which a session must not be driven: its holders have died too often, by key. */
  readonly doomed: Map<string, number>
  readonly violations: Violation[]
  readonly violate: (ref: SessionRef, invariant: string, detail: string) => void
  /** Notes that a situation has occurred. */
  readonly mark: (name: MarkName) => void
}
