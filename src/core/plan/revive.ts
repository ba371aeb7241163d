/** A session that had ended, and goes on: what its end has cut off of a strict plan is to be done again, or asked again. */
import type { Draft } from '../draft.ts'
import type { ApprovalState } from '../state.ts'
import type { PlanState } from './plan-state.ts'
import { release } from './spread.ts'

export function reviveCancelled(draft: Draft, at: number): void {
  const { plan } = draft.state
  if (plan === null) return
  reviveReview(draft, plan)
  reviveQuestions(draft, plan)
  if (plan.mode !== 'strict') return
  for (const node of plan.nodes.values()) {
    if (node.status !== 'cancelled') continue
    draft.set(node, 'status', 'pending')
    draft.set(node, 'endedAt', null)
    draft.set(node, 'reason', null)
    release({ draft, plan, at }, node)
  }
}

/** A plan that people were asked about is looked at again; one of a call is forgotten, since the call has ended with the session. */
function reviveReview(draft: Draft, plan: PlanState): void {
  const { pending } = plan
  if (pending === null) return
  const version = plan.versions.find((each) => each.version === pending.version)
  if (version?.cause.type !== 'call') {
    draft.set(plan, 'pending', { ...pending, isLookedAt: false, approvalId: null })
    return
  }
  draft.set(version, 'status', 'rejected')
  draft.set(plan, 'pending', null)
}

function reviveQuestions(draft: Draft, plan: PlanState): void {
  const { approvals } = draft.state
  for (const id of plan.failed) {
    const node = plan.nodes.get(id)
    if (node === undefined || !isTaken(approvals.get(node.approvalId ?? ''))) continue
    draft.set(node, 'approvalId', null)
    if (node.recovery === 'escalate') draft.add(plan.unasked, id)
  }
}

/** By the end, and by nobody's answer. */
function isTaken(approval: ApprovalState | undefined): boolean {
  return approval?.resolution === 'superseded'
}
