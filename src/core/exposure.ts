/** What a session's model may have read so far, with the labels that say how far it can be trusted and whom it may be shown to. */
import type { ApprovalState, CallState, State } from './state.ts'
import type { Sensitivity, Trust } from './vocabulary.ts'

/** Something that the model may have read, and what brought it. */
export type Source =
  | {
      readonly type: 'message'
      /** Its place in the log. */
      readonly seq: number
      readonly trust: Trust
      readonly sensitivity: Sensitivity
    }
  | {
      readonly type: 'call'
      readonly callId: string
      readonly tool: string
      readonly trust: Trust
      readonly sensitivity: Sensitivity
    }

/** Messages first, then calls, each in the order in which they came. */
export type Exposure = readonly Source[]

/**
 * A fold of the log and of nothing else: labels are those that stood in the call's terms when it was judged, so that a deploy, an
 * edit, a settlement or a late outcome never makes an answer more trusted than it was. Costs one step for each message and call.
 */
export function exposureOf({ transcript, calls, approvals }: State): Exposure {
  const sources: Source[] = []
  for (const entry of transcript) {
    if (entry.type !== 'user') continue
    sources.push(Object.freeze({ type: 'message', seq: entry.seq, trust: entry.trust, sensitivity: 'internal' }))
  }
  for (const call of calls.values()) {
    const { callId, tool, approvalId } = call
    if (hasAnswered(call))
      sources.push(
        Object.freeze({ type: 'call', callId, tool, trust: trustOf(call), sensitivity: sensitivityOf(call) }),
      )
    else if (hasWordsOfPerson(approvals.get(approvalId ?? '')))
      sources.push(Object.freeze({ type: 'call', callId, tool, trust: 'operator', sensitivity: 'internal' }))
  }
  return Object.freeze(sources)
}

/** An answer is also an error, and what a person settles in the tool's place. A tool that never ran has said nothing. */
function hasAnswered({ outcome, startedAt, terms, runAgainBy }: CallState): boolean {
  if (terms === null) return outcome?.type === 'ok'
  return startedAt > 0 && (outcome !== null || runAgainBy !== null)
}

/** Of a held call that never ran the model reads what a person answered instead, or why it was rejected: not what the tool brings. */
function hasWordsOfPerson(approval: ApprovalState | undefined): boolean {
  return (
    approval?.resolution === 'answered' || (approval?.resolution === 'rejected' && approval.resolvedReason !== null)
  )
}

/** A call without terms moved the plan, or was a question that people have answered. */
export function trustOf({ terms, controlTrust }: CallState): Trust {
  return terms === null ? (controlTrust ?? 'operator') : (terms.trust ?? 'tool')
}

function sensitivityOf({ terms }: CallState): Sensitivity {
  return terms?.sensitivity ?? 'internal'
}
