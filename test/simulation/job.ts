/** What the main process asks of its workers, and what they answer. */
import type { MarkCounts } from 'pawl/testing'

export type StoreName = 'memory' | 'sqlite'

export type Job = {
  readonly store: StoreName
  readonly from: number
  readonly seeds: number
  /** A planted bug, by name. */
  readonly bug?: string
  /** One shape for all seeds, as JSON. */
  readonly shape?: string
  /** Every seed that this divides is run two times. */
  readonly twiceEvery?: number
  /** Whether a failure is made small before it is told. */
  readonly shrinks: boolean
}

export type JobResult = {
  readonly seeds: number
  readonly events: number
  readonly sessions: number
  readonly twice: number
  readonly marks: MarkCounts
  readonly failure: { readonly seed: number; readonly invariant: string; readonly report: string } | null
}
