import type { Draft } from './draft.ts'
import type { EventKind, EventOf } from './event.ts'

/** A part of the table from kind to reducer. */
export type Reducers<K extends EventKind> = {
  readonly [Kind in K]: (draft: Draft, event: EventOf<Kind>, at: number) => void
}
