/** What control flow needs to know of how an agent plans; written into `session_started`, so that `next` needs only the log. */

import type { RouteRules } from '../route/route-rules.ts'
import type { FailureClass, RecoveryAction, Route } from '../vocabulary.ts'
import { failureClasses, recoveryActions } from '../vocabulary.ts'
import type { TaskCap } from './plan.ts'

/** What follows on failures of one class. `backoffMs` doubles with each retry. */
export type RecoveryStrategy = {
  readonly action: RecoveryAction
  /** How often the action is chosen for one task; after that the task is escalated, or what is left is planned anew. */
  readonly maxRetries: number
  readonly backoffMs: number
}

export type RecoveryTable = { readonly [F in FailureClass]: RecoveryStrategy }

/**
 * What an agent overrides row by row. Retried is what may go away by itself; planned anew what shows that the plan was wrong; people
 * are asked about what somebody has decided, or nobody knows.
 */
export const defaultRecovery: RecoveryTable = {
  transport: { action: 'retry', maxRetries: 2, backoffMs: 1_000 },
  timeout: { action: 'retry', maxRetries: 1, backoffMs: 1_000 },
  tool_retryable: { action: 'retry', maxRetries: 2, backoffMs: 1_000 },
  tool_terminal: { action: 'replan', maxRetries: 1, backoffMs: 0 },
  invalid_output: { action: 'retry', maxRetries: 1, backoffMs: 0 },
  policy_denied: { action: 'escalate', maxRetries: 0, backoffMs: 0 },
  refusal: { action: 'escalate', maxRetries: 0, backoffMs: 0 },
  missing_input: { action: 'replan', maxRetries: 1, backoffMs: 0 },
  stale_plan: { action: 'replan', maxRetries: 1, backoffMs: 0 },
  budget: { action: 'escalate', maxRetries: 0, backoffMs: 0 },
  unknown_outcome: { action: 'escalate', maxRetries: 0, backoffMs: 0 },
}

/** When a plan waits for a person before anything of it runs. */
export type PlanReviewRule = (typeof planReviewRules)[number]
export const planReviewRules = ['never', 'on_warning', 'always'] as const

/**
 * What becomes of a session whose plan cannot be finished. `ask`: a person decides of each failed task. `answer`: what there is
 * counts, and the ending is `partial`. `fail`: it ends `failed`.
 */
export type OnPartial = (typeof onPartialRules)[number]
export const onPartialRules = ['ask', 'answer', 'fail'] as const

export type PlanningTerms = {
  /** `auto`: chosen anew for every message. */
  readonly route: Route | 'auto'
  /** Of the start, and not of the agent. */
  readonly isRouteOfCaller?: true
  /** The agent's own; absent: the defaults. */
  readonly rules?: RouteRules
  /** Whether a model can be asked for a plan. */
  readonly hasPlanner: boolean
  readonly hasRouter: boolean
  readonly maxParallelTasks: number
  readonly taskTimeoutMs: number
  readonly maxFanOut: number
  readonly maxDepth: number
  /** Failures in a row that recovery did not absorb, after which what is left is planned anew. */
  readonly replanThreshold: number
  readonly maxReplans: number
  /** Answers of a planner that are refused before it is given up. */
  readonly maxPlanAttempts: number
  readonly planReview: PlanReviewRule
  readonly onPartial: OnPartial
  readonly recovery: RecoveryTable
  /** What each of the agent's specialists may use, where it says so. */
  readonly specialists?: Readonly<Record<string, SpecialistTerms>>
}

export type SpecialistTerms = {
  /** Of a task that says nothing else. */
  readonly cap?: TaskCap
  readonly windowTurns?: number
}

/** A table with some rows of one's own. */
export function recoveryTable(rows: Partial<RecoveryTable>): RecoveryTable {
  return { ...defaultRecovery, ...rows }
}

/** What is wrong with rows of a recovery table, or null. */
export function problemOfRecovery(rows: Partial<Record<string, RecoveryStrategy>>): string | null {
  for (const [failure, row] of Object.entries(rows)) {
    if (!failureClasses.some((known) => known === failure))
      return `recovery names the failure class "${failure}"; there are ${failureClasses.join(', ')}`
    const isWhole = (count: number) => Number.isSafeInteger(count) && count >= 0
    if (row == null || !isWhole(row.maxRetries) || !isWhole(row.backoffMs))
      return `recovery.${failure} has to be { action, maxRetries, backoffMs } with whole numbers from 0`
    if (!recoveryActions.some((known) => known === row.action))
      return `recovery.${failure}.action is ${recoveryActions.join(', ')}; found ${JSON.stringify(row.action)}`
  }
  return null
}
