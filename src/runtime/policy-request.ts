/** What a policy is shown of a call: frozen, and as the log has it. */
import { type CallState, type CallTerms, exposureOf, type Json, type State } from '../core/index.ts'
import type { AnyTool, PolicyRequest } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { frozenView } from './frozen-view.ts'

type Requested = {
  readonly call: CallState
  readonly tool: AnyTool
  readonly input: Json
  readonly terms: CallTerms
  readonly signal: AbortSignal
}

/** Views are made when they are read: most policies look at the call alone. */
export function policyRequest(activation: Activation, { call, tool, input, terms, signal }: Requested): PolicyRequest {
  const state = stateOf(activation)
  const { tokens, costMicroUsd, calls, callRetries } = state.ledger
  return frozenFields({
    tenant: state.tenant,
    sessionId: state.sessionId,
    agent: state.agent,
    call: { callId: call.callId, tool: call.tool, input: frozenView(input), attempt: call.attempt },
    tool: {
      name: tool.name,
      effect: tool.effect,
      sensitivity: tool.sensitivity ?? 'internal',
      trust: tool.trust ?? 'tool',
      egress: tool.egress ?? false,
    },
    get exposure() {
      return exposureOf(state)
    },
    get requester() {
      return frozenView(state.requester)
    },
    get context() {
      return frozenView(state.context)
    },
    spent: { tokens, costMicroUsd, calls, callRetries },
    approval: liveApproval(state, call, terms),
    get state() {
      return frozenView(state)
    },
    signal,
  })
}

function frozenFields(request: PolicyRequest): PolicyRequest {
  for (const key of ['call', 'tool', 'spent'] as const) Object.freeze(request[key])
  return Object.freeze(request)
}

function liveApproval(state: State, call: CallState, terms: CallTerms): PolicyRequest['approval'] {
  const approval = call.approvalId === null ? undefined : state.approvals.get(call.approvalId)
  if (approval === undefined || call.approvedHash !== terms.approvalHash) return null
  return { approvalId: approval.approvalId, by: [...approval.votes] }
}
