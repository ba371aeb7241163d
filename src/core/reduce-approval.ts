import type { Draft } from './draft.ts'
import type { EventOf } from './event.ts'
import { unpark } from './reduce-session.ts'
import type { Reducers } from './reducers.ts'

export const approvalReducers: Reducers<'approval_requested' | 'approval_voted' | 'approval_resolved'> = {
  approval_requested(draft, event, at) {
    const { state } = draft
    draft.put(state.approvals, event.approvalId, {
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
      subject: event.subject ?? null,
      votes: [],
      resolution: null,
      resolvedBy: null,
      resolvedReason: null,
    })
    draft.add(state.index.openApprovals, event.approvalId)
    if (event.subject !== undefined) return noteSubject(draft, event)
    const call = state.calls.get(event.callId)
    if (call === undefined) return
    draft.set(call, 'status', 'held')
    draft.set(call, 'approvalId', event.approvalId)
  },
  approval_voted(draft, event) {
    const approval = draft.state.approvals.get(event.approvalId)
    if (approval !== undefined) draft.push(approval.votes, event.by)
  },
  approval_resolved(draft, event) {
    const { state } = draft
    const approval = state.approvals.get(event.approvalId)
    if (approval === undefined) return
    draft.set(approval, 'resolution', event.resolution)
    draft.set(approval, 'resolvedBy', event.by ?? null)
    draft.set(approval, 'resolvedReason', event.reason ?? null)
    draft.drop(state.index.openApprovals, event.approvalId)
    unpark(draft)
    if (approval.subject?.type === 'task') closeQuestions(draft)
    if (approval.subject?.type === 'plan' && event.resolution === 'approved') lookAgain(draft)
    const call = state.calls.get(approval.callId)
    if (call === undefined || call.status === 'finished') return
    if (event.resolution === 'approved') {
      draft.set(call, 'approvedHash', approval.hash)
      draft.set(call, 'status', 'allowed')
      draft.set(call, 'judgedFence', 0)
    }
    if (event.resolution === 'edited' && event.input !== undefined) {
      draft.set(call, 'input', event.input)
      draft.set(call, 'editedBy', event.by ?? null)
      draft.set(call, 'approvedHash', null)
      draft.set(call, 'status', 'proposed')
    }
  },
}

/** The plan, or the failed task, that waits for the answer. */
function noteSubject(draft: Draft, { subject, approvalId }: EventOf<'approval_requested'>): void {
  const { plan } = draft.state
  if (subject === undefined || plan === null) return
  if (subject.type === 'plan' && plan.pending !== null) {
    const { warnings } = subject
    draft.set(plan, 'pending', { ...plan.pending, isLookedAt: true, warnings, approvalId })
  }
  const node = subject.type === 'task' ? plan.nodes.get(subject.taskId) : undefined
  if (node === undefined) return
  draft.set(node, 'approvalId', approvalId)
  draft.drop(plan.unasked, node.task.id)
  draft.push(plan.questions, approvalId)
}

/** The agent may have changed while the plan waited: it is looked at once more, and then adopted. */
function lookAgain(draft: Draft): void {
  const { plan } = draft.state
  if (plan?.pending != null) draft.set(plan, 'pending', { ...plan.pending, isLookedAt: false })
}

/** On past all that are answered by now: each is looked at once. */
function closeQuestions(draft: Draft): void {
  const { plan, approvals } = draft.state
  if (plan === null) return
  const isClosed = (index: number) => (approvals.get(plan.questions[index] ?? '')?.resolution ?? null) !== null
  let closed = plan.questionsClosed
  while (closed < plan.questions.length && isClosed(closed)) closed += 1
  if (closed > plan.questionsClosed) draft.set(plan, 'questionsClosed', closed)
}
