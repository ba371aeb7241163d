/** Results that stand in artifacts: whose, and what they are once they have been read. */
import type { ArtifactRef } from '../artifact/artifact.ts'
import type { Json } from '../json.ts'
import type { State } from '../state.ts'
import { ITEM } from './plan.ts'
import type { TaskNode } from './plan-state.ts'
import { referencesIn } from './references.ts'

/** Whole outputs by call, in place of the previews that stand in the log. */
export type Outputs = Pick<ReadonlyMap<string, Json>, 'get'>

export type InArtifact = { readonly callId: string; readonly taskId: string; readonly artifact: ArtifactRef }

/** What has to be read before the input of a task, or its array, can be known. Empty: nothing. */
export function artifactsBehind(state: State, node: TaskNode): readonly InArtifact[] {
  const { task, input } = node
  const named =
    task.forEach === undefined
      ? referencesIn(input ?? task.input ?? {}).found.map(({ reference }) => reference.$from)
      : [task.forEach.$from]
  const taskIds = named.flatMap((name) => (name === ITEM ? arrayBehind(state, node) : [name]))
  return [...new Set(taskIds)].flatMap((taskId) => inResultOf(state, taskId))
}

/** The task whose array an element is of; none where the elements stand in the log. */
function arrayBehind({ plan }: State, { task, element }: TaskNode): readonly string[] {
  const parent = task.parent === undefined ? undefined : plan?.nodes.get(task.parent)
  if (element === null || parent === undefined || parent.items !== undefined) return []
  return parent.task.forEach === undefined ? [] : [parent.task.forEach.$from]
}

/** The same way as `resultOf` goes. */
function inResultOf(state: State, taskId: string): readonly InArtifact[] {
  const node = state.plan?.nodes.get(taskId)
  if (node === undefined || node.status !== 'completed' || node.output !== undefined) return []
  if (node.children.length > 0) return node.children.flatMap((id) => inResultOf(state, id))
  const call = node.callId === null ? undefined : state.calls.get(node.callId)
  if (call === undefined || call.artifact === null || call.outcome?.type !== 'ok') return []
  return [{ callId: call.callId, taskId, artifact: call.artifact }]
}
