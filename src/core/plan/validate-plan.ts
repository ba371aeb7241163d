/** Looks at a plan before anything of it runs: whether it can be carried out, and what its author should look at. */
import { checkPinned, checkRepeat } from './check-earlier-plan.ts'
import { checkStructure } from './check-structure.ts'
import { checkWork } from './check-work.ts'
import type { ProposedPlan } from './plan.ts'
import type { PlanContext, PlanReview } from './plan-context.ts'
import { planGraph } from './plan-graph.ts'
import { planWarnings } from './plan-warnings.ts'
import { ProblemList } from './problem-list.ts'
import { parsePlan } from './read-plan.ts'

/** Events that a task takes as a rule: it starts, is judged, is called and called back, and ends. */
export const EVENTS_PER_TASK = 6

/**
 * Takes anything, a model's answer too, and never throws. Linear in tasks, edges and text. A plan that cannot be read has
 * `malformed` problems only; one with more tasks than allowed is looked at no further.
 */
export function validatePlan(plan: unknown, context: PlanContext): PlanReview {
  const problems = new ProblemList()
  const parsed = parsePlan(plan, problems)
  if (parsed === null || !fits(parsed, context, problems)) return { problems: problems.all(), warnings: [] }
  const graph = planGraph(parsed.tasks)
  const check = { plan: parsed, graph, context, problems }
  checkStructure(check)
  checkWork(check)
  checkPinned(graph.tasks, context, problems)
  checkRepeat(parsed, context, problems)
  return { problems: problems.all(), warnings: planWarnings(check) }
}

/** Whether it is small enough to be looked at; what it lacks room for is said either way. */
function fits(
  { tasks, ...words }: ProposedPlan,
  { limits, mode, pinned }: PlanContext,
  problems: ProblemList,
): boolean {
  const { length } = tasks
  for (const task of tasks)
    if (pinned?.has(task.id) !== true) checkSize({ what: `"${task.id}"`, tasks: [task.id], part: task }, problems)
  checkSize({ what: 'What the plan says beside its tasks', tasks: [], part: words }, problems)
  const { maxTasks, maxSteps, eventsLeft } = limits
  if (length > maxTasks)
    problems.add(
      'too_many_tasks',
      [],
      () => `The plan has ${length} tasks, and at most ${maxTasks} are allowed. ${SMALLER}`,
    )
  if (mode === 'flexible' && length > maxSteps)
    problems.add('too_many_steps', [], () => {
      const why = 'since it stands in every prompt'
      return `The plan has ${length} steps, and a flexible one at most ${maxSteps}, ${why}. Join steps, or plan in strict mode.`
    })
  // What stands already has had its events.
  const toRun = pinned === undefined ? length : tasks.filter(({ id }) => !pinned.has(id)).length
  const needed = toRun * EVENTS_PER_TASK
  if (eventsLeft !== null && needed > eventsLeft)
    problems.add('not_enough_events', [], () => {
      const counted = `${toRun} tasks take about ${needed} events, and the session has ${eventsLeft} left`
      return `${counted}. Plan at most ${Math.floor(eventsLeft / EVENTS_PER_TASK)} tasks, or raise \`maxEvents\` of its budget.`
    })
  return length <= maxTasks
}

/** Of a task, and of all that stands beside the tasks, as JSON: an event of the log holds one of them whole. */
export const MAX_PART_CHARACTERS = 262_144

type Part = { readonly what: string; readonly tasks: readonly string[]; readonly part: object }

function checkSize({ what, tasks, part }: Part, problems: ProblemList): void {
  const { length } = JSON.stringify(part)
  if (length <= MAX_PART_CHARACTERS) return
  problems.add('too_large', tasks, () => {
    return `${what} is ${length} characters long, and at most ${MAX_PART_CHARACTERS} are allowed. Put what is long into a file or an artifact, and name that.`
  })
}

const SMALLER = 'Join tasks, use `forEach` for tasks that are alike, or start a separate session for a part.'
