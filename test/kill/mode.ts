/** The three ways in which workers are struck. */
import type { Limits } from 'pawl'
import type { Mode } from './worker-orders.ts'

/** `kill`: SIGKILL. `freeze`: SIGSTOP past the lease, then SIGCONT. `term`: SIGTERM under load. */
export const modes: readonly Mode[] = ['kill', 'freeze', 'term']

/** A round's seed begins with its mode, so that the seed alone repeats it. Throws where it does not. */
export function modeOf(seed: string): Mode {
  const mode = modes.find((each) => seed.startsWith(`${each}-`))
  if (mode === undefined) throw new RangeError(`expected a seed that begins with ${modes.join(', ')}; found "${seed}"`)
  return mode
}

const quick = {
  noticeMs: 25,
  transportBackoffMs: 10,
  callBackoffMs: 10,
  modelTimeoutMs: 2_000,
  // The thread that watches the event loop has its own proof, and costs more than a round.
  stallMs: 0,
} as const

export type RoundLimits = Partial<Limits> & Pick<Limits, 'leaseMs' | 'graceMs' | 'noticeMs'>

/** The same in every process of a round. */
export const limitsOf: Readonly<Record<Mode, RoundLimits>> = {
  /** Short, so that what a lost worker held is soon taken over. */
  kill: { ...quick, leaseMs: 400, graceMs: 100 },
  freeze: { ...quick, leaseMs: 500, graceMs: 100 },
  /** Longer than any stall of a machine under load, so that what waits for its end is told from what was let go. */
  term: { ...quick, leaseMs: 10_000, graceMs: 400 },
}
