/** How far a plan has come. */
import { ROOT_TASK, type State } from '../state.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { smallestRanks } from './ready-heap.ts'
import { isReady } from './spread.ts'

/** A plan is in force whose order the runtime decides. */
export function isExecuting(state: State): boolean {
  return state.plan !== null && state.tasks.get(ROOT_TASK)?.phase === 'executing'
}

/** A strict plan is what the session works on, or has come to: also while a model is asked what follows. */
export function isCarriedOut({ plan, route }: State): boolean {
  if (plan === null || plan.version === 0 || plan.mode !== 'strict') return false
  return route?.route === 'plan_and_subagent' && plan.request?.cause.type !== 'planned'
}

/** Nothing of it runs, and nothing will unless somebody decides something. */
export function isOver(plan: PlanState): boolean {
  if (plan.version === 0 || plan.pending !== null || plan.request !== null) return false
  return isIdle(plan)
}

function isIdle(plan: PlanState): boolean {
  if (plan.running.size > 0 || plan.retrying.size > 0 || plan.unrecovered.size > 0) return false
  return firstReady(plan) === undefined
}

/** It was planned anew as often as may be. */
export function isAtReplanLimit({ plan, planning }: State): boolean {
  return plan !== null && planning !== null && plan.replans >= planning.maxReplans
}

/** A new plan is wanted, and none may come: what does not need it is done, and then the session ends. */
export function isStuck(state: State): boolean {
  const request = state.plan?.request ?? null
  return request !== null && request.cause.type !== 'planned' && state.plan?.pending === null && isAtReplanLimit(state)
}

/** Stuck, and nothing is left to do. */
export function isAtItsEnd(state: State): boolean {
  return state.plan !== null && isStuck(state) && isIdle(state.plan)
}

/** The plan has ended, and a message that came meanwhile is to be gone about. */
export function isOvertaken(state: State): boolean {
  const { plan, route, sinceMessage } = state
  if (plan === null || route === null || !isExecuting(state)) return false
  return sinceMessage.seq > route.messageSeq && isOver(plan) && !plan.isAborted
}

/** The model of the route `plan` has to plan before it does anything else: there is no plan yet for what was asked. */
export function mustPlan({ plan, route }: State): boolean {
  if (route?.route !== 'plan') return false
  const newest = plan?.versions.findLast(({ status }) => status === 'adopted')
  return newest === undefined || newest.seq < route.messageSeq
}

/** A flexible plan for what was asked, with steps that have not ended: another one in its place is a replan. */
export function isUnfinished({ route }: State, { mode, nodes, versions, version }: PlanState): boolean {
  const seq = versions.find((each) => each.version === version)?.seq ?? 0
  if (mode !== 'flexible' || route === null || seq < route.messageSeq) return false
  return [...nodes.values()].some(({ status }) => status === 'pending' || status === 'in_progress')
}

/** Tasks of it failed, are out of reach or were skipped. */
export function isPartial(state: State): boolean {
  const { plan } = state
  return plan !== null && isCarriedOut(state) && (plan.failed.size > 0 || plan.skipped.size > 0)
}

/** Ready tasks in the order in which they start. */
export function* readyTasks(plan: PlanState): Generator<TaskNode> {
  let last: number | null = null
  for (const rank of smallestRanks(plan.ready)) {
    // A task that is ready once more may stand behind its own stale entry.
    if (rank === last) continue
    last = rank
    const node = plan.nodes.get(plan.byRank.get(rank) ?? '')
    if (node !== undefined && isReady(node)) yield node
  }
}

function firstReady(plan: PlanState): TaskNode | undefined {
  for (const node of readyTasks(plan)) return node
  return undefined
}
