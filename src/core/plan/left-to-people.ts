/** What people may still bring back: a synthesis does not begin while somebody decides about what it puts together. */
import type { State } from '../state.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { isStuck } from './progress.ts'

/**
 * Whether a ready task waits, itself or with its parents, for how others end (`needs: 'settled'`), and one of these has failed and is
 * before a person: it may be tried again. Looks at what stands behind the open questions, and only where there are any.
 */
export function leftToPeople(state: State, plan: PlanState): (node: TaskNode) => boolean {
  // At its end nobody is asked any more: what there is is put together.
  const mayAnswer = state.planning?.onPartial === 'ask' && plan.failed.size > 0 && !isStuck(state)
  let open: ReadonlySet<string> | null = null
  return (node) => {
    if (!mayAnswer || !isSynthesis(plan, node)) return false
    open ??= behindQuestions(state, plan)
    return open.has(node.task.id)
  }
}

function isSynthesis(plan: PlanState, { task }: TaskNode): boolean {
  if (task.needs === 'settled') return true
  const parent = task.parent === undefined ? undefined : plan.nodes.get(task.parent)
  return parent !== undefined && isSynthesis(plan, parent)
}

function behindQuestions(state: State, plan: PlanState): ReadonlySet<string> {
  const found = new Set<string>()
  const left = [...plan.failed].filter((id) => isBeforePeople(state, plan, id))
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const node = plan.nodes.get(id)
    if (node === undefined || found.has(id)) continue
    found.add(id)
    left.push(...node.dependents, ...node.children)
    if (node.task.parent !== undefined && node.task.optional !== true) left.push(node.task.parent)
  }
  return found
}

function isBeforePeople({ approvals }: State, { nodes, unasked }: PlanState, id: string): boolean {
  return unasked.has(id) || approvals.get(nodes.get(id)?.approvalId ?? '')?.resolution === null
}
