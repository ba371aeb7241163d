/** What a task's loop is told when it begins, from the state. */
import { processedNote } from '../memory/processed-note.ts'
import type { State, TaskState } from '../state.ts'
import { itemOf } from './inputs.ts'
import { namedInReferences } from './plan-graph.ts'
import type { TaskNode } from './plan-state.ts'
import type { TaskView } from './plan-view.ts'
import { isOutOfReach } from './spread.ts'
import { type Brief, type BriefDependency, taskBrief } from './task-brief.ts'
import type { TriedCall } from './tried.ts'
import { taskViewsOf } from './view-of.ts'

/** The text of its first message. */
export function briefOf(state: State, task: TaskState): string {
  const { delegated, taskId } = task
  if (delegated !== null) {
    const { name, brief } = delegated
    return taskBrief({ goal: name, task: { id: taskId, name, description: brief, dependsOn: [] }, dependencies: [] })
  }
  const node = state.plan?.nodes.get(taskId)
  return node === undefined ? '' : taskBrief(ofNode(state, node))
}

function ofNode(state: State, node: TaskNode): Brief {
  const { task, hint } = node
  const { goal = '', notes = null } = state.plan ?? {}
  const item = itemOf(state, node)
  const earlier =
    node.failure !== null && node.attempt > 1 ? { ...node.failure, tried: triedBy(state, task.id) } : undefined
  return {
    goal,
    ...(notes !== null && { notes }),
    task,
    dependencies: dependenciesOf(state, node),
    ...(item !== undefined && { item }),
    ...(earlier !== undefined && { earlier }),
    ...(hint !== null && { hint }),
  }
}

/** Its own and those of the parents above it. */
function dependenciesOf(state: State, node: TaskNode): readonly BriefDependency[] {
  const ids: string[] = []
  let each: TaskNode | undefined = node
  while (each !== undefined) {
    ids.push(...each.task.dependsOn, ...namedInReferences(each.task))
    each = each.task.parent === undefined ? undefined : state.plan?.nodes.get(each.task.parent)
  }
  const nodes = [...new Set(ids)].flatMap((id) => shownOf(state, id))
  return taskViewsOf(state, [...new Set(nodes)]).flatMap(asDependency)
}

/** A parent that has no result of its own is told by its children: what some have found is there though others have failed. */
function shownOf(state: State, taskId: string): readonly TaskNode[] {
  const node = state.plan?.nodes.get(taskId)
  if (node === undefined) return []
  const isTold = node.status === 'completed' || node.children.length === 0 || isOutOfReach(node)
  return isTold ? [node] : node.children.flatMap((id) => shownOf(state, id))
}

function asDependency({ task, status, result, failure, reason, blockedBy }: TaskView): readonly BriefDependency[] {
  switch (status) {
    case 'completed':
      return [{ task, status, ...(result !== undefined && { result }) }]
    case 'skipped':
      return [{ task, status, reason: reason ?? '' }]
    case 'failed':
      return failure === undefined ? [] : [{ task, status, failure }]
    case 'unreachable':
      return [{ task, status, blockedBy }]
    case 'cancelled':
      return [{ task, status, ...(reason !== undefined && { reason }) }]
    default:
      return []
  }
}

/** The calls of all its attempts, as a model may read of them. */
export function triedBy(state: State, taskId: string): readonly TriedCall[] {
  return [...state.calls.values()]
    .filter((call) => call.taskId === taskId && !call.isControl)
    .map((call) => {
      const { callId, tool, input, outcome } = call
      const note = processedNote(state, call)
      return { callId, tool, input, outcome: note === null ? outcome : { type: 'ok', output: note } }
    })
}
