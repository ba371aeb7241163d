/** What plans are like in a world where some sessions plan: drawn from a stream of their own, so that all other worlds stay as they are. */
import {
  type FailureClass,
  failureClasses,
  type OnPartial,
  onPartialRules,
  type PlanReviewRule,
  planReviewRules,
  type RecoveryAction,
  type RecoveryStrategy,
} from '../../core/index.ts'
import { type Chance, chanceOf } from './chance.ts'
import { seedOf } from './seed-of.ts'

export type PlansShape = {
  /** The most tasks of a version. */
  readonly tasks: number
  readonly hasPlanner: boolean
  readonly hasRouter: boolean
  readonly maxParallelTasks: number
  readonly taskTimeoutMs: number
  readonly replanThreshold: number
  readonly maxReplans: number
  readonly maxPlanAttempts: number
  readonly planReview: PlanReviewRule
  readonly onPartial: OnPartial
  readonly recovery: Readonly<Partial<Record<FailureClass, RecoveryStrategy>>>
  /** How often a planner answers with something that is no plan, or none that can be carried out. */
  readonly flawed: number
  /** How often a task says that it cannot be done, or a result is none. */
  readonly fails: number
  /** How a session goes about its work, each as often as drawn against the others. */
  readonly given: number
  readonly planned: number
  readonly flexible: number
  readonly plain: number
}

/** One world in so many plans. */
const PLANNING = 0.09

/** Null: nobody plans in this world. */
export function drawPlans(seed: number): PlansShape | null {
  const chance = chanceOf(Math.imul(seed, 0x85ebca6b) ^ 0x9e11)
  return chance.happens(PLANNING) ? drawnPlans(chance) : null
}

/** Of a world that has to plan: its own, or what the rest of its shape makes of it. */
export function plansOf({
  plans,
  memory: _,
  ...others
}: {
  readonly plans: PlansShape | null
  readonly memory: unknown
}): PlansShape {
  if (plans !== null) return plans
  return drawnPlans(chanceOf(seedOf(others)))
}

function drawnPlans(chance: Chance): PlansShape {
  const weight = (most: number) => (chance.happens(0.75) ? 1 + chance.below(most) : 0)
  return {
    tasks: chance.pick([3, 5, 7, 9] as const),
    hasPlanner: chance.happens(0.8),
    hasRouter: chance.happens(0.5),
    maxParallelTasks: 1 + chance.below(4),
    taskTimeoutMs: chance.happens(0.25) ? 700 + chance.below(1_500) : 30_000,
    replanThreshold: 1 + chance.below(2),
    maxReplans: 1 + chance.below(3),
    maxPlanAttempts: 1 + chance.below(3),
    planReview: chance.pick([...planReviewRules, 'never'] as never) as PlanReviewRule,
    onPartial: chance.pick([...onPartialRules, 'ask'] as never) as OnPartial,
    recovery: drawRecovery(chance),
    flawed: chance.happens(0.6) ? chance.random() * 0.5 : 0,
    fails: chance.happens(0.7) ? chance.random() * 0.4 : 0,
    given: 1 + chance.below(4),
    planned: weight(4),
    flexible: weight(3),
    plain: weight(1),
  }
}

const actions: readonly [RecoveryAction, ...RecoveryAction[]] = [
  'retry',
  'retry',
  'replan',
  'replan',
  'decompose',
  'skip',
  'escalate',
  'abort',
]

/** Some rows of one's own; all others as they ship. */
function drawRecovery(chance: Chance): PlansShape['recovery'] {
  const rows = failureClasses.filter(() => chance.happens(0.45))
  return Object.fromEntries(
    rows.map((failure) => {
      const backoffMs = chance.happens(0.5) ? 0 : 200 + chance.below(800)
      return [failure, { action: chance.pick(actions), maxRetries: chance.below(3), backoffMs }]
    }),
  )
}
