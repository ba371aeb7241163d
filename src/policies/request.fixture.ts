import { freshState, type Json, type Outcome, type State } from '../core/index.ts'
import type { PolicyRequest } from '../ports/index.ts'

/** A request for a verdict on `c9`, as the runtime would make it. */
export function requestFor(tool: string, input: Json, changes: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    tenant: 'acme',
    sessionId: 's1',
    agent: 'support-triage',
    call: { callId: 'c9', tool, input, attempt: 0 },
    tool: { name: tool, effect: 'unsafe', sensitivity: 'internal', trust: 'tool', egress: false },
    exposure: [],
    requester: { type: 'user', id: 'ann' },
    context: {},
    spent: { tokens: 0, costMicroUsd: 0, calls: 0, callRetries: 0 },
    approval: null,
    state: stateWith([]),
    signal: new AbortController().signal,
    ...changes,
  }
}

/** A session whose earlier calls ended so: `c1`, `c2`, … */
export function stateWith(ended: readonly { readonly tool: string; readonly outcome: Outcome | null }[]): State {
  const state = freshState('acme', 's1')
  state.limits = { ...state.limits, approvalExpiryMs: 1_000 }
  for (const [index, call] of ended.entries()) {
    const callId = `c${index + 1}`
    // Policies read only these fields of earlier calls.
    state.calls.set(callId, { callId, ...call } as NonNullable<ReturnType<State['calls']['get']>>)
  }
  return state
}
