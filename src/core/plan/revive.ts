/** A session that had ended, and goes on: what its end has cut off of a strict plan is to be done again. */
import type { Draft } from '../draft.ts'
import { release } from './spread.ts'

export function reviveCancelled(draft: Draft, at: number): void {
  const { plan } = draft.state
  if (plan === null || plan.mode !== 'strict') return
  for (const node of plan.nodes.values()) {
    if (node.status !== 'cancelled') continue
    draft.set(node, 'status', 'pending')
    draft.set(node, 'endedAt', null)
    draft.set(node, 'reason', null)
    release({ draft, plan, at }, node)
  }
}
