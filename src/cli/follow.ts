/** Follows a session until it rests: it has ended, or waits for people, and nothing stands behind that. */
import { Draft, freshState, reduce, type State } from '../core/index.ts'
import type { Runtime, Store } from '../index.ts'
import type { SessionRef } from '../ports/index.ts'
import type { View } from './views.ts'

export type Following = {
  readonly runtime: Runtime
  readonly store: Store
  readonly ref: SessionRef
  /** Events up to this one are not shown. */
  readonly after: number
  readonly view: View
  readonly signal: AbortSignal
}

/** Resolves with the state at rest, or as it was when the signal came. */
export async function follow({ runtime, store, ref, after, view, signal }: Following): Promise<State> {
  const draft = new Draft(freshState(ref.tenant, ref.sessionId))
  for await (const item of runtime.watch(ref, { until: 'never', signal })) {
    if (item.type === 'event') reduce(draft, item.event, item.at)
    if (draft.state.seq > after || item.type !== 'event') view.item(item, draft.state)
    if (item.type === 'event' && mayRest(draft.state) && (await isNewest(store, ref, item.seq))) break
  }
  return draft.state
}

function mayRest({ ended, parked }: State): boolean {
  return ended !== null || parked !== null
}

async function isNewest(store: Store, ref: SessionRef, seq: number): Promise<boolean> {
  const head = await store.head(ref)
  return head === null || head.version === seq
}
