import type { CallState } from './state.ts'

export type ProposedCall = Pick<CallState, 'taskId' | 'turn' | 'callId' | 'tool' | 'providerCallId'>

/** A call that nobody has looked at yet, without an input. */
export function proposedCall(proposed: ProposedCall): CallState {
  return {
    ...proposed,
    input: null,
    problem: null,
    isControl: false,
    status: 'proposed',
    effect: null,
    terms: null,
    policyReason: null,
    judgements: 0,
    judgedFence: 0,
    judgedEpoch: 0,
    attempt: 0,
    fence: 0,
    startedAt: 0,
    leaseMs: 0,
    retries: 0,
    retryAt: null,
    outcome: null,
    tookEffect: true,
    presented: undefined,
    summary: undefined,
    artifact: null,
    processed: null,
    ending: null,
    settled: null,
    lateOutcome: null,
    approvalId: null,
    approvedHash: null,
    editedBy: null,
    runAgainBy: null,
    controlTrust: null,
    characters: 0,
  }
}
