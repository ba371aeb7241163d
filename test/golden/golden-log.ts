import type { EventKind, State } from '../../src/core/index.ts'
import { fold, reducers, status, statusWord } from '../../src/core/index.ts'
import type { StoredEvent } from '../../src/ports/index.ts'
import { decodeEvent } from '../../src/runtime/encode.ts'
import { verifyChain } from '../../src/stores/chain.ts'

export const ref = { tenant: 'acme', sessionId: 'golden-1' }

/** Where the recorded log ends. It was written once, and never again. */
const head = { version: 60, hash: 'e079e7dcb724cda6c31b0d8f50da60c61796134e756277e0e7a7674558246a83' }

export const whatAReleasedFormatMeans =
  'Format 1 is released: logs like test/golden/format-1.ndjson stand in stores that we do not see, and every later version has to ' +
  'read them to the same state. Restore the line. If an event has to change, add a new kind, or raise FORMAT, write an upcaster in ' +
  'src/core/upcast.ts, and record a second golden log beside this one.'

/** A sentence for whoever changed a recorded log; null where nothing was changed. */
export function whatWasChanged(text: string): string | null {
  const events = parseLog(text)
  const check = verifyChain(ref, events, { head })
  if (check.type === 'holds') return null
  return `line ${check.seq} of the golden log is not what was recorded (${check.reason}). ${whatAReleasedFormatMeans}`
}

/** Kinds of this code that the log has no event of. */
export function kindsWithoutAnEvent(text: string): readonly string[] {
  const recorded = new Set(parseLog(text).map(({ kind }) => kind))
  // The keys of the table of reducers are the kinds.
  return (Object.keys(reducers) as EventKind[]).filter((kind) => !recorded.has(kind))
}

export function parseLog(text: string): readonly StoredEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredEvent)
}

/** What the log adds up to, in the words that people are shown. */
export function summaryOf(text: string): object {
  const state = fold(
    ref.tenant,
    ref.sessionId,
    parseLog(text).map((stored) => decodeEvent(ref, stored)),
  )
  return {
    status: statusWord(status(state)),
    ended: endOf(state),
    at: state.at,
    seq: state.seq,
    calls: Object.fromEntries([...state.calls.values()].map((each) => [each.callId, callOf(each)])),
    approvals: Object.fromEntries([...state.approvals.values()].map((each) => [each.approvalId, approvalOf(each)])),
    turn: state.tasks.get('root')?.turn,
    failure: state.tasks.get('root')?.failure,
    said: state.transcript.map((entry) => (entry.type === 'user' ? `user: ${entry.text}` : `assistant: turn ${entry.turn}`)),
    budget: state.budget,
    ledger: state.ledger,
    sinceMessage: state.sinceMessage,
  }
}

/** What a state has had since is left out: a golden log says what an event meant when it was released. */
function endOf({ ended }: State): object | null {
  if (ended === null) return null
  const { isPartial: _, ...recorded } = ended
  return recorded
}

type Call = State['calls'] extends Map<string, infer Each> ? Each : never
type Approval = State['approvals'] extends Map<string, infer Each> ? Each : never

function callOf({ tool, status: place, effect, attempt, input, outcome, settled, lateOutcome, editedBy, tookEffect }: Call) {
  return { tool, status: place, effect, attempt, input, outcome, settled, lateOutcome, editedBy, tookEffect }
}

function approvalOf({ callId, kind, reason, quorum, votes, resolution, resolvedBy }: Approval) {
  return { callId, kind, reason, quorum, votes, resolution, resolvedBy }
}
