/** What the event loop and the thread that watches it share. */
import type { StoreInThread } from '../../ports/index.ts'

/** Places in the shared memory. */
export const slots = { beats: 0, sessions: 1, givenUpAfterMs: 2 } as const

export type LoopWatched = {
  readonly shared: Int32Array
  readonly workerId: string
  readonly stallMs: number
  readonly store: StoreInThread
}

/** Something begins that may block the loop, or is over (`what` null). */
export type Runs = { readonly id: number; readonly what: string | null }

/** Between two beats, and between two looks at them. */
export function periodOf(stallMs: number): number {
  return Math.max(10, Math.floor(stallMs / 8))
}
