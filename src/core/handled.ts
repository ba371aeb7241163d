/** What a command comes to. */
import type { PawlEvent } from './event.ts'

/** A stable word for each way in which a command can be refused. */
export type RefusalCode =
  | 'unknown_session'
  | 'session_exists'
  | 'session_ended'
  | 'session_not_reopenable'
  | 'session_erased'
  | 'already_cancelled'
  | 'unknown_call'
  | 'unknown_approval'
  | 'already_resolved'
  | 'approval_expired'
  | 'already_voted'
  | 'requester_may_not_vote'
  | 'hash_mismatch'
  | 'not_a_question'
  | 'not_an_option'
  | 'not_unknown'
  | 'invalid_input'
  | 'too_large'
  | 'nothing_to_extend'

export type Handled =
  | { readonly type: 'accepted'; readonly events: readonly PawlEvent[] }
  | { readonly type: 'refused'; readonly code: RefusalCode; readonly message: string }

/** The moment at which a command is doubted. `fence` is 0 for commands of people. */
export type HandleMoment = { readonly now: number; readonly fence: number }

export function accepted(...events: readonly PawlEvent[]): Handled {
  return { type: 'accepted', events }
}

export function refused(code: RefusalCode, message: string): Handled {
  return { type: 'refused', code, message }
}

/** A completion that no longer fits: it came late, or twice. Nothing is written. */
export const nothing: Handled = { type: 'accepted', events: [] }
