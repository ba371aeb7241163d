/** Event → State. A table: a kind that is missing here does not compile. Reducers never validate, throw or read a clock. */
import { Draft } from './draft.ts'
import { isDriven } from './driven.ts'
import type { EventKind, PawlEvent } from './event.ts'
import { freshState } from './fresh-state.ts'
import { memoryReducers } from './memory/reduce-memory.ts'
import { planReducers } from './plan/reduce-plan.ts'
import { taskReducers } from './plan/reduce-task.ts'
import { approvalReducers } from './reduce-approval.ts'
import { callReducers } from './reduce-call.ts'
import { modelReducers } from './reduce-model.ts'
import { sessionReducers } from './reduce-session.ts'
import type { Reducers } from './reducers.ts'
import type { State } from './state.ts'

export const reducers: Reducers<EventKind> = {
  ...sessionReducers,
  ...modelReducers,
  ...callReducers,
  ...approvalReducers,
  ...planReducers,
  ...taskReducers,
  ...memoryReducers,
}

/** Folds one event into the state, in place. */
export function reduce(draft: Draft, event: PawlEvent, at: number): void {
  countDrivenTime(draft, event, at)
  // The table pairs each kind with its own reducer; the compiler cannot follow that through an index.
  const reducer = reducers[event.type] as (draft: Draft, event: PawlEvent, at: number) => void
  reducer(draft, event, at)
  draft.set(draft.state, 'seq', draft.state.seq + 1)
  draft.set(draft.state, 'at', at)
}

/** The state of a whole log. */
export function fold(
  tenant: string,
  sessionId: string,
  log: Iterable<{ readonly event: PawlEvent; readonly at: number }>,
): State {
  const draft = new Draft(freshState(tenant, sessionId))
  for (const { event, at } of log) reduce(draft, event, at)
  return draft.state
}

/** A gap that ends with a loss was spent dead, not driven. */
function countDrivenTime(draft: Draft, event: PawlEvent, at: number): void {
  const { state } = draft
  if (at === state.at || event.type === 'model_lost' || event.type === 'call_lost' || !isDriven(state)) return
  draft.set(state.sinceMessage, 'drivenMs', state.sinceMessage.drivenMs + (at - state.at))
}
