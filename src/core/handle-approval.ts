/** What people answer. One answer wins; a second gets a refusal that names the first. */
import type { CommandOf } from './command.ts'
import type { EventOf, PawlEvent } from './event.ts'
import { accepted, type Handled, type HandleMoment, refused } from './handled.ts'
import { neverRan } from './never-ran.ts'
import { answerEscalation, editTask } from './plan/handle-escalation.ts'
import { editPlan, planRejected } from './plan/handle-review.ts'
import type { ApprovalState, CallState, State } from './state.ts'

export function vote(state: State, command: CommandOf<'vote'>, moment: HandleMoment): Handled {
  const found = openApproval(state, command.approvalId, moment)
  if (found.type === 'refused') return found
  const { approval, call } = found
  const { approvalId, by, reason, hash, commandId } = command
  if (approval.kind === 'question') return refused('not_a_question', `${approvalId} is a question: answer it with text`)
  const problem = mayNotVote(state, approval, { by, hash })
  if (problem !== null) return problem
  if (command.vote === 'approve' && approval.votes.includes(by)) {
    return refused(
      'already_voted',
      `${by} has approved ${approvalId} already; ${approval.quorum} different people must`,
    )
  }
  if (command.vote === 'reject') {
    const resolved: EventOf<'approval_resolved'> = {
      type: 'approval_resolved',
      approvalId,
      resolution: 'rejected',
      by,
      commandId,
    }
    const message = reason === undefined ? 'a person rejected it' : `a person rejected it: ${reason}`
    const ends = call === null ? planRejected(state, by, message) : [blockedCall(call, 'rejected', message)]
    return accepted({ ...resolved, ...(reason !== undefined && { reason }) }, ...ends)
  }
  const voted: PawlEvent = { type: 'approval_voted', approvalId, by, hash: approval.hash, commandId }
  if (approval.votes.length + 1 < approval.quorum) return accepted(voted)
  const resolved: PawlEvent = {
    type: 'approval_resolved',
    approvalId,
    resolution: 'approved',
    by,
    ...(reason !== undefined && { reason }),
  }
  return accepted(voted, resolved)
}

export function answerApproval(state: State, command: CommandOf<'answer'>, moment: HandleMoment): Handled {
  const found = openApproval(state, command.approvalId, moment)
  if (found.type === 'refused') return found
  const { approval, call } = found
  const { approvalId, answer, by, commandId } = command
  const resolved: PawlEvent = { type: 'approval_resolved', approvalId, resolution: 'answered', by, answer, commandId }
  if (approval.kind === 'approval') {
    if (call === null) return refused('not_a_question', `${approvalId} asks about a plan: approve, edit or reject it`)
    const problem = mayNotVote(state, approval, { by, hash: undefined })
    return problem ?? accepted(resolved, blockedCall(call, 'answered', `a person answered instead: ${answer}`))
  }
  if (call === null) return answerEscalation(state, approval, command)
  const chosen = chosenOption(approval, answer)
  if (chosen === null) {
    return refused(
      'not_an_option',
      `expected text, or the number of an option from 1 to ${approval.question?.options.length}; found ${answer}`,
    )
  }
  return accepted(resolved, {
    type: 'call_finished',
    callId: call.callId,
    attempt: call.attempt + 1,
    outcome: { type: 'ok', output: { answer: chosen, by } },
    trust: 'operator',
  })
}

/** The call is proposed anew with the edited input: schema and policy run again, and earlier votes are void. */
export function editApproval(state: State, command: CommandOf<'edit'>, moment: HandleMoment): Handled {
  const found = openApproval(state, command.approvalId, moment)
  if (found.type === 'refused') return found
  const { approvalId, by, input, commandId } = command
  if (found.approval.subject?.type === 'task') return editTask(state, found.approval, command)
  if (found.approval.kind === 'question')
    return refused('not_a_question', `${approvalId} is a question: answer it with text`)
  const problem = mayNotVote(state, found.approval, { by, hash: undefined })
  if (problem !== null) return problem
  if (found.call === null) return editPlan(state, command)
  return accepted({ type: 'approval_resolved', approvalId, resolution: 'edited', by, input, commandId })
}

type Found = {
  readonly type: 'found'
  readonly approval: ApprovalState
  /** Null: it is about a plan, or a task. */
  readonly call: CallState | null
}

function openApproval(
  state: State,
  approvalId: string,
  moment: HandleMoment,
): Found | Extract<Handled, { type: 'refused' }> {
  const approval = state.approvals.get(approvalId)
  const call = (approval && state.calls.get(approval.callId)) ?? null
  if (approval === undefined || (call === null && approval.subject === null)) {
    return {
      type: 'refused',
      code: 'unknown_approval',
      message: `no approval ${approvalId} in session ${state.sessionId}`,
    }
  }
  if (approval.resolution !== null) {
    const by = approval.resolvedBy === null ? '' : ` by ${approval.resolvedBy}`
    return {
      type: 'refused',
      code: 'already_resolved',
      message: `${approvalId} was ${approval.resolution}${by}; one answer wins`,
    }
  }
  if (moment.now >= approval.expiresAt) {
    return {
      type: 'refused',
      code: 'approval_expired',
      message: `${approvalId} has expired, which counts as a rejection`,
    }
  }
  if (state.cancel !== null || state.ended !== null) {
    return {
      type: 'refused',
      code: 'session_ended',
      message: `the session is ${state.ended ? 'ended' : 'being cancelled'}: nothing will run`,
    }
  }
  return { type: 'found', approval, call }
}

function mayNotVote(
  state: State,
  approval: ApprovalState,
  { by, hash }: { by: string; hash: string | undefined },
): Handled | null {
  const { approvalId } = approval
  if (approval.notRequester && state.requester.id === by) {
    return refused('requester_may_not_vote', `${by} asked for this work, and ${approvalId} wants somebody else`)
  }
  if (hash !== undefined && hash !== approval.hash) {
    return refused(
      'hash_mismatch',
      `${approvalId} asks about ${approval.hash}, the answer was for ${hash}: look at it again`,
    )
  }
  return null
}

/** With options, a number picks one; anything that is not a number is taken as text. */
function chosenOption(approval: ApprovalState, answer: string): string | null {
  const options = approval.question?.options ?? []
  if (options.length === 0 || !/^\d+$/.test(answer.trim())) return answer
  return options[Number(answer.trim()) - 1] ?? null
}

function blockedCall(call: CallState, reason: string, message: string): PawlEvent {
  return neverRan(call, { type: 'blocked', reason, message }, 'operator')
}
