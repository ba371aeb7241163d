/** Bugs that are planted in how plans are carried out; each in worlds that all plan. */
import { planning } from './focus-plans.ts'
import { type PlantedBug, planted } from './planted-bug.ts'
import * as plans from './planted-plans.ts'

/** Tasks that give work away, and little time to wait for it. */
const delegating = {
  planReview: 'never',
  flexible: 0,
  plain: 0,
  flawed: 0,
  fails: 0,
  taskTimeoutMs: 1_600,
  maxParallelTasks: 4,
} as const

export const plantedInPlans: readonly PlantedBug[] = [
  {
    ...planted('a cascade too wide', ['plans: only what failed is out of reach'], { next: plans.cascadesWide }),
    focus: planning({ onPartial: 'answer', planReview: 'never' }),
  },
  {
    ...planted('a cascade too narrow', ['plans: a task waits for what it needs'], { next: plans.cascadesNarrow }),
    focus: planning({ planReview: 'never' }),
  },
  {
    ...planted('a completed task run again after a replan', ['plans: what is completed is not done again'], {
      next: plans.completedAgain,
    }),
    focus: planning({ hasPlanner: true, planReview: 'never', flawed: 0 }),
  },
  {
    ...planted('tasks side by side without a cap', ['plans: side by side under the cap'], {
      next: plans.withPlanning(() => ({ maxParallelTasks: 1_000 })),
    }),
    focus: planning({}),
  },
  {
    ...planted('two steps in progress', ['plans: one step in progress'], { next: plans.severalSteps }),
    focus: planning({ flexible: 20, planReview: 'never' }),
  },
  {
    ...planted(
      'a result of another version put in',
      ['plans: what is put in is the result of the version’s own task'],
      { reduce: plans.putsInOldResults },
    ),
    focus: planning({ planReview: 'never' }),
  },
  {
    ...planted('a review skipped', ['plans: what is in force has passed its review'], { handle: plans.unreviewed }),
    focus: planning({ planReview: 'always' }),
  },
  {
    ...planted('retries beyond the row', ['plans: recovery by its row'], {
      next: plans.withPlanning(plans.endlessRetries),
    }),
    focus: planning({ planReview: 'never', fails: 0.6 }),
  },
  {
    ...planted('replans beyond the limit', ['plans: replans are counted'], {
      next: plans.withPlanning(() => ({ maxReplans: 1_000 })),
    }),
    focus: planning({ hasPlanner: true, maxReplans: 1, planReview: 'never', flawed: 0, fails: 0.6 }),
  },
  {
    ...planted('a task beside one that runs alone', ['plans: who runs alone runs alone'], {
      next: plans.besideWhoIsAlone,
    }),
    focus: planning({ planReview: 'never', maxParallelTasks: 4 }),
  },
  {
    ...planted('a task begun while a plan is looked at', ['plans: nothing begins while a plan is looked at'], {
      next: plans.beginsUnderReview,
    }),
    focus: planning({ hasPlanner: true, planReview: 'always', flawed: 0 }),
  },
  {
    ...planted('attempts that are not counted', ['plans: attempts are counted'], { next: plans.uncountedAttempts }),
    focus: planning({ planReview: 'never' }),
  },
  {
    ...planted('a partial answer that does not say so', ['plans: partial says what is missing'], {
      next: plans.silentAboutParts,
    }),
    focus: planning({ onPartial: 'answer', planReview: 'never' }),
  },
  {
    ...planted('a delegated task that outlives its parent', ['plans: only what is under way works'], {
      next: plans.orphansWork,
    }),
    focus: (drawn) => ({ ...planning(delegating)(drawn), ends: 0.2 }),
  },
  {
    ...planted('a task that stands changed by a new version', ['plans: what stands is not changed by a new version'], {
      handle: plans.overlooking(({ code }) => code === 'pinned_changed'),
    }),
    focus: planning({ hasPlanner: true, planReview: 'never', flawed: 0.8, fails: 0.6 }),
  },
  {
    ...planted('a task that uses what nobody gave it', ['plans: a task has what it was given'], {
      reduce: plans.givesEverything,
    }),
    // The state that is not the fold of the log is seen as well, and often first.
    withinSeeds: 300,
    focus: planning({ planReview: 'never' }),
  },
  {
    ...planted('a planner asked again and again', ['plans: a planner has so many attempts'], {
      next: plans.withPlanning(() => ({ maxPlanAttempts: 1_000 })),
    }),
    focus: planning({ hasPlanner: true, planned: 8, maxPlanAttempts: 1, flawed: 0.8, planReview: 'never' }),
  },
  {
    ...planted('a plan carried out whatever is wrong with it', ['plans: what is in force is sound'], {
      handle: plans.overlooking(() => true),
    }),
    focus: planning({ hasPlanner: true, planned: 8, flawed: 0.8, planReview: 'never' }),
  },
]
