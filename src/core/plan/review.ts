/** A plan that was proposed is looked at by the runtime, and then by a person where the agent wants that. */
import type { CommandOf } from '../command.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { accepted, type Handled, type HandleMoment, nothing } from '../handled.ts'
import type { State } from '../state.ts'
import type { PlanProblem } from './plan.ts'
import type { PlanState } from './plan-state.ts'
import type { PlanningTerms } from './planning-terms.ts'

/** What the runtime found. */
export function recordReview(state: State, command: CommandOf<'record_review'>, moment: HandleMoment): Handled {
  const { plan, planning } = state
  const { version, problems, warnings, planHash } = command
  if (plan?.pending?.version !== version || plan.pending.isLookedAt || planning === null) return nothing
  if (problems.length > 0) return accepted(rejected(plan, version, problems))
  const isDecided = isPersons(plan) || isApproved(state)
  if (isDecided || !wantsReview(planning, warnings)) return accepted({ type: 'plan_adopted', version, warnings })
  const reason = warnings.length === 0 ? 'every plan is looked at' : warnings.map(({ code }) => code).join(', ')
  return accepted({
    type: 'approval_requested',
    approvalId: `a${state.approvals.size + 1}`,
    callId: '',
    subject: { type: 'plan', version, warnings },
    kind: 'approval',
    reason,
    message: `plan ${version}: ${plan.versions.at(-1)?.goal ?? ''}`,
    hash: planHash,
    quorum: 1,
    notRequester: false,
    expiresAt: moment.now + state.limits.approvalExpiryMs,
  })
}

export function rejected(
  { request }: PlanState,
  version: number,
  problems: readonly PlanProblem[],
): EventOf<'plan_rejected'> {
  return { type: 'plan_rejected', version, attempt: (request?.attempts ?? 0) + 1, problems }
}

/** Nobody has looked at it in time, which is a no. */
export function reviewExpired(plan: PlanState, approvalId: string): readonly PawlEvent[] {
  const message = 'Nobody has looked at the plan in time.'
  return [
    { type: 'approval_resolved', approvalId, resolution: 'expired' },
    rejected(plan, plan.pending?.version ?? 0, [{ code: 'rejected', tasks: [], message }]),
  ]
}

function wantsReview({ planReview }: PlanningTerms, warnings: readonly PlanProblem[]): boolean {
  return planReview === 'always' || (planReview === 'on_warning' && warnings.length > 0)
}

function isApproved({ plan, approvals }: State): boolean {
  return approvals.get(plan?.pending?.approvalId ?? '')?.resolution === 'approved'
}

/** Who has edited it has looked at it. */
function isPersons({ versions }: PlanState): boolean {
  return versions.at(-1)?.cause.type === 'edited'
}
