/** A patch as events: what is valid is done, and what is not is recorded with its reason. */
import type { PawlEvent } from '../event.ts'
import { trustOf } from '../exposure.ts'
import { inKeyOrder } from '../in-key-order.ts'
import type { Json } from '../json.ts'
import { withPinned } from '../plan/pinned.ts'
import type { ProposedPlan } from '../plan/plan.ts'
import type { PlanState } from '../plan/plan-state.ts'
import { isExecuting, isUnfinished } from '../plan/progress.ts'
import { proposals } from '../plan/propose.ts'
import type { CallState, State } from '../state.ts'
import { patchEvents } from './apply-patch.ts'
import type { FactSource, FactTerms } from './fact.ts'
import { labelsOfFacts, withRequest } from './labels.ts'
import type { IgnoredPart } from './memory-events.ts'
import { readPatch } from './read-patch.ts'

export function patchedBy(state: State, call: CallState, value: Json): readonly PawlEvent[] {
  const { callId, attempt } = call
  const limits = state.memory?.facts
  const read = limits === undefined ? NO_MEMORY : readPatch(inKeyOrder(value), limits)
  if (limits === undefined || read.type === 'problem') {
    const problem = read.type === 'problem' ? read.message : ''
    return [{ type: 'result_processed', callId, attempt, noted: [], problem }]
  }
  const { facts, questions } = state
  const applied = patchEvents({ facts, questions, limits }, read.patch, {
    source: sourceOf(call),
    ...labelsOfPatch(state, call),
    ...(call.artifact !== null && { artifact: call.artifact.hash }),
  })
  const { replace_plan: plan } = read.patch
  const refusal = plan === undefined ? null : whyNoPlan(state)
  const ignored = [...applied.ignored, ...(refusal === null ? [] : [refusal])]
  return [
    {
      type: 'result_processed',
      callId,
      attempt,
      noted: applied.noted,
      ...(ignored.length > 0 && { ignored }),
    },
    ...applied.events,
    ...(plan === undefined || refusal !== null ? [] : replacement(state, call, plan)),
  ]
}

type Labels = Pick<FactTerms, 'trust' | 'sensitivity'>

const NO_MEMORY = { type: 'problem', message: 'this session has no working memory' } as const

/** A model was shown all of memory beside the result, and may copy from it; a function is the agent's own code, and answers for what it copies. */
function labelsOfPatch(state: State, call: CallState): Labels {
  const { memory, facts, questions } = state
  const trust = isOfPerson(call) ? 'operator' : trustOf(call)
  const { sensitivity } = call.terms ?? {}
  if (memory?.processor?.by !== 'model') return { trust, ...(sensitivity !== undefined && { sensitivity }) }
  const shown = withRequest(state, labelsOfFacts([...facts.values(), ...questions.values()]))
  const isPrivate = sensitivity === 'private' || shown.sensitivity === 'private'
  return { trust: shown.trust === 'external' ? 'external' : trust, ...(isPrivate && { sensitivity: 'private' }) }
}

function isOfPerson({ terms, outcome }: CallState): boolean {
  return terms === null || outcome?.type !== 'ok'
}

function sourceOf(call: CallState): FactSource {
  const { taskId, callId } = call
  return { kind: isOfPerson(call) ? 'person' : 'tool', taskId, callId }
}

/** Replacing what is left is replanning: under the same limit, and never while another plan is looked at. */
function whyNoPlan(state: State): IgnoredPart | null {
  const { plan, planning } = state
  const ignored = (code: IgnoredPart['code'], message: string) => ({ code, name: '', message })
  if (plan === null || planning === null || !isOpen(state, plan))
    return ignored('no_plan', 'there is no plan of which anything is left')
  if (plan.pending !== null || plan.request !== null)
    return ignored('no_plan', 'another plan is being made or looked at')
  if (plan.replans >= planning.maxReplans)
    return ignored('replan_limit', `the plan was replaced ${plan.replans} times, which is the limit`)
  return null
}

function isOpen(state: State, plan: PlanState): boolean {
  return plan.mode === 'flexible' ? isUnfinished(state, plan) : isExecuting(state)
}

function replacement(state: State, { callId }: CallState, proposed: ProposedPlan): readonly PawlEvent[] {
  const { plan: inForce } = state
  if (inForce === null) return []
  const cause = { type: 'patch', callId } as const
  const plan = inForce.mode === 'strict' ? withPinned(inForce, proposed, cause) : proposed
  return proposals(state, { plan, mode: inForce.mode, cause })
}
