/** What people are asked and what they answer. */
import type { EventOf } from '../../core/index.ts'
import { type Checks, type Complaint, complain } from './complaint.ts'
import type { AskedRecord, SessionRecord } from './record.ts'

export const approvalChecks: Checks = {
  approval_requested: (record, event, { at }) => [
    ...checkTerms(record, event, at),
    ...complain(
      'P8 one question a call',
      event.callId !== '' && [...record.open.values()].some(({ callId }) => callId === event.callId),
      () => `${event.callId} is asked about twice`,
    ),
    ...complain(
      'P8 asked about what will run',
      event.kind === 'approval' && event.callId !== '' && event.hash !== record.calls.get(event.callId)?.approvalHash,
      () => `${event.approvalId} is bound to another hash`,
    ),
    ...complain('P9 nothing is asked after a cancel', record.cancelSeq !== null, () => event.approvalId),
  ],
  approval_voted: (record, event, { at }) => {
    const asked = record.open.get(event.approvalId)
    if (asked === undefined) return [{ invariant: 'P8 one answer', detail: `a vote on ${event.approvalId}, not open` }]
    return [
      ...complain(
        'P8 who edits has approved that once',
        event.commandId === `${event.approvalId}/edit` && record.calls.get(asked.callId)?.isApprovedSinceEdit === true,
        () => `${event.by} is taken to approve ${event.approvalId}`,
      ),
      ...complain('P8 one vote a person', asked.votes.has(event.by), () => `${event.by} voted twice`),
      ...complain('P8 voted on what is asked', event.hash !== asked.hash, () => event.approvalId),
      ...answerable(record, asked, { by: event.by, at }),
    ]
  },
  approval_resolved: (record, event, { at }) => {
    const asked = record.open.get(event.approvalId)
    if (asked === undefined) {
      const before = record.resolved.get(event.approvalId)
      return [{ invariant: 'P8 one answer', detail: `${event.approvalId} was ${before} before` }]
    }
    return [
      ...complain(
        'P8 quorum',
        event.resolution === 'approved' && asked.votes.size < asked.quorum,
        () => `${event.approvalId} approved by ${[...asked.votes]}, not by ${asked.quorum}`,
      ),
      ...complain(
        'P8 nothing expires early',
        event.resolution === 'expired' && at < asked.expiresAt,
        () => event.approvalId,
      ),
      ...(isOfPeople(event) ? answerable(record, asked, { by: event.by, at }) : []),
    ]
  },
}

/** People are asked as policy has said. */
function checkTerms(
  record: SessionRecord,
  { approvalId, callId, quorum, notRequester, expiresAt }: EventOf<'approval_requested'>,
  at: number,
): readonly Complaint[] {
  const verdict = record.calls.get(callId)?.verdict
  if (verdict?.type !== 'require_approval') return []
  const { expiresAfterMs = expiresAt - at } = verdict
  const isAsSaid =
    quorum === (verdict.quorum ?? 1) &&
    notRequester === (verdict.notRequester ?? false) &&
    expiresAt - at === expiresAfterMs
  return complain('P8 asked as policy said', !isAsSaid, () => approvalId)
}

type Answer = { readonly by: string | undefined; readonly at: number }

function answerable(record: SessionRecord, asked: AskedRecord, { by, at }: Answer): readonly Complaint[] {
  const { approvalId, expiresAt, notRequester } = asked
  return [
    ...complain(
      'P8 expired is rejected',
      at >= expiresAt,
      () => `${approvalId} answered ${at - expiresAt} ms after it expired`,
    ),
    ...complain(
      'P8 not by the requester',
      notRequester && by !== undefined && by === record.started?.requester.id,
      () => `${by} answered ${approvalId}`,
    ),
    ...complain('P9 nothing is answered after a cancel', record.cancelSeq !== null, () => approvalId),
  ]
}

function isOfPeople({ resolution }: EventOf<'approval_resolved'>): boolean {
  return resolution !== 'expired' && resolution !== 'superseded'
}
