/** The one table from our words to those of the trace, which is read by people who have not read the design. */
import type { EventOf } from './event.ts'
import type { BlockedReason, OutcomeType, Status, WaitingReason } from './vocabulary.ts'

/** The words of `statusWord`, as a type. */
export type StatusWord =
  | Exclude<Status['type'], 'blocked' | 'waiting'>
  | `blocked(${BlockedReason})`
  | `waiting(${WaitingReason})`

type Decision = EventOf<'decision_recorded'>['decision']

const decision = {
  calls: 'calls_proposed',
  final: 'answered',
  refused: 'refused',
} as const satisfies { readonly [D in Decision]: string }

/** `held` is no outcome yet: for a reader it is a call that has been blocked. */
const call = {
  held: 'blocked',
  ok: 'ok',
  retryable_error: 'retryable_error',
  terminal_error: 'terminal_error',
  blocked: 'blocked',
  cancelled: 'cancelled',
  unknown: 'unknown',
} as const satisfies { readonly [C in OutcomeType | 'held']: string }

const state = {
  running: 'running',
  'waiting(job)': 'awaiting_job',
  'waiting(timer)': 'awaiting_retry',
  'blocked(approval)': 'awaiting_human_review',
  'blocked(missing_context)': 'awaiting_human_answer',
  'blocked(ambiguous)': 'awaiting_human_choice',
  'blocked(unknown_outcome)': 'awaiting_settlement',
  'blocked(budget)': 'awaiting_budget',
  'blocked(plan_review)': 'awaiting_plan_review',
  'blocked(escalation)': 'awaiting_escalation',
  'blocked(poison)': 'set_aside',
  done: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies { readonly [S in StatusWord]: string }

export const traceWords = { decision, call, state } as const

export type TraceStatus =
  | (typeof decision)[keyof typeof decision]
  | (typeof call)[keyof typeof call]
  | (typeof state)[keyof typeof state]
