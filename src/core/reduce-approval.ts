import { add, drop, push, put, set } from './draft.ts'
import type { Reducers } from './reducers.ts'
import { unpark } from './reduce-session.ts'

export const approvalReducers: Reducers<'approval_requested' | 'approval_voted' | 'approval_resolved'> = {
  approval_requested(draft, event, at) {
    const { state } = draft
    put(draft, state.approvals, event.approvalId, {
      approvalId: event.approvalId,
      callId: event.callId,
      kind: event.kind,
      reason: event.reason,
      message: event.message ?? null,
      hash: event.hash,
      quorum: event.quorum,
      notRequester: event.notRequester,
      requestedAt: at,
      expiresAt: event.expiresAt,
      ask: event.ask ?? null,
      question: event.question ?? null,
      votes: [],
      resolution: null,
      resolvedBy: null,
      resolvedReason: null,
    })
    add(draft, state.index.openApprovals, event.approvalId)
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    set(draft, call, 'status', 'held')
    set(draft, call, 'approvalId', event.approvalId)
  },
  approval_voted(draft, event) {
    const approval = draft.state.approvals.get(event.approvalId)
    if (approval !== undefined) push(draft, approval.votes, event.by)
  },
  approval_resolved(draft, event) {
    const { state } = draft
    const approval = state.approvals.get(event.approvalId)
    if (approval === undefined) return
    set(draft, approval, 'resolution', event.resolution)
    set(draft, approval, 'resolvedBy', event.by ?? null)
    set(draft, approval, 'resolvedReason', event.reason ?? null)
    drop(draft, state.index.openApprovals, event.approvalId)
    unpark(draft)
    const call = state.calls.get(approval.callId)
    if (call === undefined || call.status === 'finished') return
    if (event.resolution === 'approved') {
      set(draft, call, 'approvedHash', approval.hash)
      set(draft, call, 'status', 'allowed')
      set(draft, call, 'judgedFence', 0)
    }
    if (event.resolution === 'edited' && event.input !== undefined) {
      set(draft, call, 'input', event.input)
      set(draft, call, 'editedBy', event.by ?? null)
      set(draft, call, 'approvedHash', null)
      set(draft, call, 'status', 'proposed')
    }
  },
}
