/** A plan as the events that propose it: one, and more where it does not fit into one. */
import type { PawlEvent } from '../event.ts'
import type { State } from '../state.ts'
import type { PlanMode, PlanTask, ProposedPlan } from './plan.ts'
import type { PlanCause } from './plan-events.ts'

/** Tasks of one event, in characters of JSON: a plan of any size stands in the log in pieces that every store takes. */
const CHARACTERS_OF_AN_EVENT = 65_536

export type Proposal = { readonly plan: ProposedPlan; readonly mode: PlanMode; readonly cause: PlanCause }

export function proposals(state: State, { plan, mode, cause }: Proposal): readonly PawlEvent[] {
  const { tasks, ...rest } = plan
  const version = (state.plan?.versions.at(-1)?.version ?? 0) + 1
  const [first = [], ...others] = pieces(tasks)
  return [
    { type: 'plan_proposed', version, mode, cause, ...rest, tasks: first, taskCount: tasks.length },
    ...others.map((piece) => ({ type: 'plan_tasks_listed', version, tasks: piece }) as const),
  ]
}

function pieces(tasks: readonly PlanTask[]): readonly (readonly PlanTask[])[] {
  const all: PlanTask[][] = []
  let room = 0
  for (const task of tasks) {
    const characters = JSON.stringify(task).length
    const last = all.at(-1)
    if (last !== undefined && characters <= room) last.push(task)
    else {
      all.push([task])
      room = CHARACTERS_OF_AN_EVENT
    }
    room -= characters
  }
  return all
}
