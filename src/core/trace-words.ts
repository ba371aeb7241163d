/** The one table from our words to those of the trace, which is read by people who have not read the design. */
import type { EventOf } from './event.ts'
import type { TaskStatus } from './plan/plan.ts'
import type { BlockedReason, OutcomeType, RecoveryAction, Route, Status, WaitingReason } from './vocabulary.ts'

/** The words of `statusWord`, as a type. */
export type StatusWord =
  | Exclude<Status['type'], 'blocked' | 'waiting'>
  | `blocked(${BlockedReason})`
  | `waiting(${WaitingReason})`

type DecisionWord = 'calls_proposed' | 'answered' | 'refused'

type CallWord = 'lost' | 'ok' | 'retryable_error' | 'terminal_error' | 'blocked' | 'cancelled' | 'unknown'

type StateWord =
  | 'running'
  | 'awaiting_job'
  | 'awaiting_retry'
  | 'awaiting_human_review'
  | 'awaiting_human_answer'
  | 'awaiting_human_choice'
  | 'awaiting_settlement'
  | 'awaiting_budget'
  | 'awaiting_plan_review'
  | 'awaiting_escalation'
  | 'set_aside'
  | 'completed'
  | 'failed'
  | 'cancelled'

/** What memory came to: what a processor made of a result, what left a prompt and how, what was looked up, what is asked. */
type MemoryWord =
  | 'noted'
  | 'nothing_noted'
  | 'refused'
  | 'facts_compressed'
  | 'facts_dropped'
  | 'history_summarized'
  | 'history_dropped'
  | 'history_cut'
  | 'context_recalled'
  | 'nothing_recalled'
  | 'question_opened'
  | 'question_answered'

/** A plan and its tasks keep the words of the design; `held` and `escalated` wait for people. */
type PlanWord = 'proposed' | 'held' | 'rejected' | 'adopted'
type TaskWord = TaskStatus | 'escalated'

export type TraceStatus =
  | DecisionWord
  | CallWord
  | StateWord
  | MemoryWord
  | PlanWord
  | TaskWord
  | RecoveryAction
  | Route

export type TraceWords = {
  readonly decision: { readonly [D in EventOf<'decision_recorded'>['decision']]: DecisionWord }
  /** `held` and `lost` are no outcomes: for a reader the first has been blocked, and the second lost its worker. */
  readonly call: { readonly [C in OutcomeType | 'held' | 'lost']: CallWord }
  readonly state: { readonly [S in StatusWord]: StateWord }
  /** What an event about memory came to, in our words. */
  readonly memory: { readonly [K in MemoryTurn]: MemoryWord }
}

/** A patch was made, was empty, or was none; facts and turns became shorter, or went; passages were found, or not. */
type MemoryTurn =
  | `result_processed(${'noted' | 'empty' | 'problem'})`
  | `facts_compressed(${'points' | 'none'})`
  | `history_compacted(${'summary' | 'none' | 'cut'})`
  | `context_recalled(${'found' | 'none'})`
  | 'question_opened'
  | 'question_answered'

export const traceWords: TraceWords = {
  decision: {
    calls: 'calls_proposed',
    final: 'answered',
    refused: 'refused',
  },
  call: {
    held: 'blocked',
    lost: 'lost',
    ok: 'ok',
    retryable_error: 'retryable_error',
    terminal_error: 'terminal_error',
    blocked: 'blocked',
    cancelled: 'cancelled',
    unknown: 'unknown',
  },
  state: {
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
  },
  memory: {
    'result_processed(noted)': 'noted',
    'result_processed(empty)': 'nothing_noted',
    'result_processed(problem)': 'refused',
    'facts_compressed(points)': 'facts_compressed',
    'facts_compressed(none)': 'facts_dropped',
    'history_compacted(summary)': 'history_summarized',
    'history_compacted(none)': 'history_dropped',
    'history_compacted(cut)': 'history_cut',
    'context_recalled(found)': 'context_recalled',
    'context_recalled(none)': 'nothing_recalled',
    question_opened: 'question_opened',
    question_answered: 'question_answered',
  },
}
