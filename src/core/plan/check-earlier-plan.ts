/** A new version of a plan against the one before it. */
import { previewOf } from '../border-text.ts'
import type { PlanTask, ProposedPlan } from './plan.ts'
import type { PlanContext } from './plan-context.ts'
import type { ProblemList } from './problem-list.ts'
import { isSameJson } from './same-json.ts'

/** What is done, runs or is held stays as it was. */
export function checkPinned(
  tasks: ReadonlyMap<string, PlanTask>,
  { pinned, shownAs }: PlanContext,
  problems: ProblemList,
): void {
  for (const [id, before] of pinned ?? []) {
    const now = tasks.get(id)
    if (now !== undefined && isSameJson(now, before)) continue
    problems.add('pinned_changed', [id], () => {
      const what = now === undefined ? 'is missing' : `is another: ${changedFields(now, before).join(', ')} changed`
      const why = 'it is completed, running or held'
      const shown = shownAs?.(before) ?? before
      // Whoever does not see all of it cannot write it down again; a planner need not.
      const mend = now === undefined || shown === before ? 'Put it in unchanged' : 'Leave it out: it stays as it is'
      return `"${id}" ${what}, and ${why}. ${mend}: ${previewOf(JSON.stringify(shown), MAX_SHOWN)}`
    })
  }
}

const MAX_SHOWN = 1_000

function changedFields(now: PlanTask, before: PlanTask): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return keys.filter((key) => !isSameJson(Reflect.get(now, key), Reflect.get(before, key))).map((key) => `\`${key}\``)
}

export function checkRepeat(plan: ProposedPlan, { failed }: PlanContext, problems: ProblemList): void {
  if (failed === undefined || !isSameJson(wordsOf(plan), wordsOf(failed))) return
  problems.add('repeats_failed_plan', [], () => {
    return 'This is the plan that has failed, word for word. Change what failed: another tool, another input, smaller tasks, or none where it cannot be done.'
  })
}

/** The version in force has a number beside its words. What stands is put in front of an answer: the order makes no other plan. */
function wordsOf({ goal, notes, criticalPath, tasks }: ProposedPlan): object {
  return { goal, notes, criticalPath, tasks: tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1)) }
}
