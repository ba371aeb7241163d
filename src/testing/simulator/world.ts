/** What every part of a simulation shares: the seed's chance, the clock, the faults, and what has been observed. */
import type { SessionRef, Store, StoredEvent } from '../../ports/index.ts'
import type { Chance } from './chance.ts'
import type { Scheduler } from './scheduler.ts'

/** How often each fault strikes, as probabilities. All zero once the world heals. */
export type Faults = {
  /** A process dies at a point where it waits. */
  readonly crash: number
  /** A process stops for longer than its lease, and goes on. */
  readonly freeze: number
  /** A write's answer is lost after it was applied. */
  readonly lostAnswer: number
  /** The store refuses a request, and has done nothing. */
  readonly unavailable: number
  readonly modelFails: number
  readonly toolFailsBefore: number
  readonly toolFailsAfter: number
  readonly toolHangs: number
  readonly policyIsSlow: number
  /** A clock of a machine jumps. */
  readonly clockJumps: number
}

export type Violation = { readonly invariant: string; readonly detail: string; readonly sessionId: string }

export type World = {
  readonly seed: number
  readonly chance: Chance
  readonly scheduler: Scheduler
  /** The store that really keeps the logs; processes reach it through a network that delays and loses. */
  readonly base: Store
  faults: Faults
  hasHealed: boolean
  readonly violations: Violation[]
  /** Told of everything that was written, in the order in which it was. */
  readonly onAppended: (ref: SessionRef, events: readonly StoredEvent[]) => void
  readonly violate: (violation: Violation) => void
}

export const noFaults: Faults = {
  crash: 0,
  freeze: 0,
  lostAnswer: 0,
  unavailable: 0,
  modelFails: 0,
  toolFailsBefore: 0,
  toolFailsAfter: 0,
  toolHangs: 0,
  policyIsSlow: 0,
  clockJumps: 0,
}

/** Each seed draws how hard its world is. */
export function drawFaults(chance: Chance): Faults {
  const some = (most: number) => (chance.happens(0.6) ? chance.random() * most : 0)
  return {
    crash: some(0.012),
    freeze: some(0.006),
    lostAnswer: some(0.06),
    unavailable: some(0.04),
    modelFails: some(0.2),
    toolFailsBefore: some(0.15),
    toolFailsAfter: some(0.15),
    toolHangs: some(0.08),
    policyIsSlow: some(0.3),
    clockJumps: some(0.02),
  }
}
