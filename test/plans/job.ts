/** A workflow to be carried out, and what the world around it does: how long a call takes, what it answers, whether it took effect. */
import {
  type CallTerms,
  type CommandOf,
  defaultBudget,
  defaultLimits,
  type EffectClass,
  type Json,
  type Outcome,
  type ProposedPlan,
  recoveryTable,
  sessionLimits,
} from 'pawl/core'
import { type Effects, effectOf, planOfWorkflow, resultFor, type Workflow } from './workflow.ts'

/** Longer than any workflow takes. */
export const LONG_MS = 1_000_000_000_000

export type Job = {
  readonly workflow: Workflow
  /** Slots. */
  readonly maxParallel: number
  readonly effects: Effects
  /** Tasks that fail for good whenever they run. */
  readonly failing: ReadonlySet<string>
  readonly plan: ProposedPlan
  readonly runtimeMs: ReadonlyMap<string, number>
  readonly effectOf: ReadonlyMap<string, EffectClass>
}

type JobOptions = { readonly maxParallel: number; readonly effects?: Effects; readonly failing?: ReadonlySet<string> }

export function jobOf(workflow: Workflow, { maxParallel, effects = 'read', failing = new Set() }: JobOptions): Job {
  const { tasks } = workflow
  return {
    workflow,
    maxParallel,
    effects,
    failing,
    plan: planFor(workflow, effects),
    runtimeMs: new Map(tasks.map(({ id, runtimeMs }) => [id, runtimeMs])),
    effectOf: new Map(tasks.map(({ id }, index) => [id, effectOf(effects, index)])),
  }
}

const plansMade = new WeakMap<Workflow, Map<Effects, ProposedPlan>>()

/** One for all jobs that are the same but for their slots and failures. */
function planFor(workflow: Workflow, effects: Effects): ProposedPlan {
  const made = plansMade.get(workflow) ?? new Map<Effects, ProposedPlan>()
  const plan = made.get(effects) ?? planOfWorkflow(workflow, effects)
  plansMade.set(workflow, made.set(effects, plan))
  return plan
}

/** A plan that is given, nobody to ask for another, and one answer to a failure for good: what needs the task is out of reach. */
export function startOf({ plan, maxParallel }: Job): CommandOf<'start_session'> {
  const limits = sessionLimits({ ...defaultLimits, maxConcurrentCalls: maxParallel * 2 })
  return {
    type: 'start_session',
    agent: 'planner',
    definitionHash: 'definition',
    budget: { ...defaultBudget, maxEvents: 10_000_000, maxWallClockMs: LONG_MS },
    limits,
    closing: {},
    requester: { type: 'api' },
    context: {},
    message: 'Carry it out.',
    trust: 'user',
    commandId: 'start',
    plan: { plan, cause: { type: 'given' } },
    planning: {
      route: 'auto',
      hasPlanner: false,
      hasRouter: false,
      maxParallelTasks: maxParallel,
      taskTimeoutMs: LONG_MS,
      maxFanOut: 100,
      maxDepth: 4,
      replanThreshold: 1,
      maxReplans: 3,
      maxPlanAttempts: 3,
      planReview: 'never',
      onPartial: 'answer',
      recovery: recoveryRows,
    },
  }
}

/** What was lost without an effect is tried again, however often the worker dies. */
export const recoveryRows = recoveryTable({
  tool_terminal: { action: 'escalate', maxRetries: 0, backoffMs: 0 },
  tool_retryable: { action: 'retry', maxRetries: 1_000, backoffMs: 1_000 },
})

export function callTerms({ effectOf: effects }: Job, taskId: string): CallTerms {
  const effect = effects.get(taskId) ?? 'read'
  return {
    effect,
    timeoutMs: LONG_MS / 1_000,
    retries: 0,
    verifies: effect === 'unsafe',
    repeat: 'ask',
    idempotencyKey: `session/${taskId}`,
    effectHash: `effect of ${taskId}`,
    approvalHash: `approval of ${taskId}`,
    policyHash: 'policy',
  }
}

/** What a call answers to what it is asked. A failure of the world says that nothing happened. */
export function outcomeFor({ failing }: Pick<Job, 'failing'>, input: Json): Outcome {
  const { taskId, own, of } = readInput(input)
  if (failing.has(taskId)) return { type: 'terminal_error', message: 'it is broken' }
  return { type: 'ok', output: resultFor(own, of) }
}

export function readInput(input: Json): {
  readonly taskId: string
  readonly own: number
  readonly of: readonly number[]
} {
  // As `planOfWorkflow` has written it.
  return input as never
}
