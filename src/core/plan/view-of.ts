/** The plan of a state as it is shown: each task with what became of it, and with what an unreachable one waits for in vain. */
import { processedNote } from '../memory/processed-note.ts'
import type { State } from '../state.ts'
import { blockersOf } from './blocked-by.ts'
import type { Outputs } from './in-artifacts.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import type { PlanView, ShownStatus, TaskView } from './plan-view.ts'
import { resultOf } from './result.ts'
import { isOutOfReach, isReady } from './spread.ts'

/** As models are shown it: of what a processor has looked at they read what it has noted, and not the result. */
export function planShownOf(state: State): PlanView | null {
  return planViewOf(state, notesOf(state))
}

/**
 * Null: no plan is in force. Children of tasks with `forEach` stand behind all others. Costs one step for each task, edge and call.
 * `outputs`: in place of those that stand in the log.
 */
export function planViewOf(state: State, outputs?: Outputs): PlanView | null {
  const { plan } = state
  if (plan === null || plan.version === 0) return null
  const { goal, notes, version, mode } = plan
  const nodes = [...plan.nodes.values()]
  const blockers = blockersOf(plan)
  const calls = callsByTask(state)
  const tasks = nodes.map((node) => viewOf(state, node, { blockers, calls, outputs }))
  return { goal, ...(notes !== null && { notes }), version, mode, tasks }
}

/** Of some tasks alone, as models are shown them. What an unreachable one waits for in vain takes a look at the whole plan. */
export function taskViewsOf(state: State, nodes: readonly TaskNode[]): readonly TaskView[] {
  if (nodes.some(isOutOfReach)) {
    const ids = new Set(nodes.map(({ task }) => task.id))
    return planShownOf(state)?.tasks.filter(({ task }) => ids.has(task.id)) ?? []
  }
  const outputs = notesOf(state)
  return nodes.map((node) => viewOf(state, node, { blockers: new Map(), calls: new Map(), outputs }))
}

function notesOf(state: State): Outputs {
  return {
    get: (callId) => {
      const call = state.calls.get(callId)
      return call === undefined ? undefined : (processedNote(state, call) ?? undefined)
    },
  }
}

type Around = {
  readonly blockers: ReadonlyMap<string, readonly string[]>
  readonly calls: ReadonlyMap<string, readonly string[]>
  readonly outputs: Outputs | undefined
}

function viewOf(state: State, node: TaskNode, { blockers, calls, outputs }: Around): TaskView {
  const { task, failure, reason, attempt, recovery, startedAt, endedAt } = node
  const { tokens = 0, costMicroUsd = 0 } = state.tasks.get(task.id)?.spent ?? {}
  const result = resultOf(state, task.id, outputs)
  return {
    task,
    status: statusOf(state, node),
    ...(result !== undefined && { result }),
    ...(failure !== null && { failure }),
    ...(reason !== null && { reason }),
    blockedBy: blockers.get(task.id) ?? [],
    attempt,
    ...(recovery !== null && { recovery }),
    startedAt,
    endedAt,
    costMicroUsd,
    tokens,
    callIds: calls.get(task.id) ?? [],
  }
}

function statusOf(state: State, node: TaskNode): ShownStatus {
  if (isOutOfReach(node)) return 'unreachable'
  const isStrict = state.plan?.mode === 'strict'
  if (isStrict && isReady(node)) return 'ready'
  const { plan } = state
  return node.status === 'pending' && plan !== null && hasBegun(plan, node) ? 'in_progress' : node.status
}

/** A parent begins with the first of its parts, which may have parts themselves. */
function hasBegun(plan: PlanState, { children }: TaskNode): boolean {
  return children.some((id) => {
    const part = plan.nodes.get(id)
    return part !== undefined && (part.attempt > 0 || hasBegun(plan, part))
  })
}

function callsByTask({ calls }: State): ReadonlyMap<string, readonly string[]> {
  const byTask = new Map<string, string[]>()
  for (const { callId, taskId } of calls.values()) {
    const list = byTask.get(taskId)
    if (list === undefined) byTask.set(taskId, [callId])
    else list.push(callId)
  }
  return byTask
}
