/** An edited plan, before it is sent: what was hidden of its tasks' inputs is put back, and what cannot be carried out is refused. */
import {
  type Json,
  type PlanTask,
  type PlanVersion,
  problemsSaid,
  readPlan,
  type State,
  validatePlan,
} from '../core/index.ts'
import type { Agent } from './define.ts'
import type { RuntimeLimits } from './options.ts'
import { putBack } from './put-back.ts'
import { contextOfVersion } from './review-plan.ts'

export type PlanEdit = {
  readonly agent: Agent | undefined
  readonly state: State
  readonly limits: RuntimeLimits
  /** As lists and watchers show an input of that tool. */
  readonly shownAs: (tool: string, input: Json) => Json
}

export type CheckedPlanEdit =
  | { readonly type: 'plan'; readonly plan: Json }
  | { readonly type: 'refused'; readonly message: string }
  /** Marks of what was hidden, where nothing was shown so. */
  | { readonly type: 'marks'; readonly left: readonly string[] }

export function checkPlanEdit(
  { agent, state, limits, shownAs }: PlanEdit,
  given: Json,
  version: number,
): CheckedPlanEdit {
  const read = readPlan(given)
  if (read.type === 'problems') return { type: 'refused', message: problemsSaid(read.problems) }
  const proposed = state.plan?.versions.find((each) => each.version === version)
  const before = new Map(proposed?.tasks.map((task) => [task.id, task]))
  const restored = read.plan.tasks.map((task) => withHidden(task, before.get(task.id), shownAs))
  const left = restored.flatMap(({ marks }) => marks)
  if (left.length > 0) return { type: 'marks', left }
  const plan = { ...read.plan, tasks: restored.map(({ task }) => task) }
  if (agent !== undefined && state.plan !== null && proposed !== undefined) {
    const asEdited: PlanVersion = {
      ...proposed,
      cause: { type: 'edited', by: '' },
      ...plan,
      notes: plan.notes ?? null,
      criticalPath: null,
    }
    const { problems } = validatePlan(
      plan,
      contextOfVersion({ agent, limits }, state, { plan: state.plan, proposed: asEdited }),
    )
    if (problems.length > 0)
      return { type: 'refused', message: `the plan cannot be carried out: ${problemsSaid(problems)}` }
  }
  // Read from JSON, field by field.
  return { type: 'plan', plan: plan as unknown as Json }
}

type Restored = { readonly task: PlanTask; readonly marks: readonly string[] }

/** By its id and its tool: another tool's input was never shown there. */
function withHidden(task: PlanTask, before: PlanTask | undefined, shownAs: PlanEdit['shownAs']): Restored {
  if (task.input === undefined) return { task, marks: [] }
  const own = before?.tool === task.tool ? before?.input : undefined
  const viewed = own === undefined ? { own: null, shown: null } : { own, shown: shownAs(task.tool ?? '', own) }
  const { input, left } = putBack(task.input, viewed)
  return { task: { ...task, input }, marks: left.map((pointer) => `${task.id}${pointer}`) }
}
