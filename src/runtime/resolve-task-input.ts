/** The action `resolve`: reads from artifacts what the input of a task refers to. Never rejects. */
import {
  type Action,
  admit,
  artifactsBehind,
  type Completion,
  elementsOf,
  type InArtifact,
  type Json,
  type Outputs,
  problemOfFanOut,
  resolvedInput,
} from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { problemText } from './problem-text.ts'
import { readPatiently } from './read-artifact.ts'

type Resolve = Extract<Action, { type: 'resolve' }>
type Resolved = Pick<Extract<Completion, { type: 'record_input' }>, 'input' | 'items' | 'problem'>

export async function resolveTaskInput(activation: Activation, action: Resolve): Promise<Completion> {
  const { taskId, attempt, version } = action
  const resolved = await resolve(activation, taskId).catch((problem: unknown) => ({
    problem: `what it refers to cannot be read: ${problemText(problem)}`,
  }))
  return { type: 'record_input', taskId, attempt, version, ...resolved }
}

async function resolve(activation: Activation, taskId: string): Promise<Resolved> {
  const node = stateOf(activation).plan?.nodes.get(taskId)
  if (node === undefined) return { problem: 'the task is gone' }
  const read = await outputsOf(activation, artifactsBehind(stateOf(activation), node))
  if (read.type === 'erased')
    return { problem: `the result of ${JSON.stringify(read.taskId)} was erased: its artifact is gone` }
  const state = stateOf(activation)
  if (node.task.forEach !== undefined) return fitting(activation, elementsOf(state, node, read.outputs))
  const resolved = resolvedInput(state, node, read.outputs)
  if (resolved.type === 'missing') return { problem: resolved.message }
  const { maxDepth, maxInputBytes } = activation.driver.limits
  const admitted = admit(resolved.input, { maxDepth, maxBytes: maxInputBytes }, 'refuse')
  return admitted.type === 'ok' ? { input: admitted.value } : { problem: `its input: ${admitted.problem}. ${LESS}` }
}

const LESS =
  'A call is given at most maxInputBytes: take a part by path, split it with forEach, or let the tool read the artifact (context.artifact)'

/** Elements stand in the log: what they were is what the children are about, whatever becomes of the artifact. */
function fitting(activation: Activation, elements: readonly Json[] | undefined): Resolved {
  if (elements === undefined) return { problem: 'there is no array where its forEach points' }
  const tooMany = problemOfFanOut(stateOf(activation), elements.length)
  if (tooMany !== null) return { problem: tooMany }
  const { maxDepth, maxInputBytes: maxBytes } = activation.driver.limits
  const admitted = admit([...elements], { maxDepth, maxBytes }, 'refuse')
  return admitted.type === 'problem' ? { problem: `its elements: ${admitted.problem}. ${LESS}` } : { items: elements }
}

type Read = { readonly type: 'read'; readonly outputs: Outputs } | { readonly type: 'erased'; readonly taskId: string }

async function outputsOf({ driver, ref }: Activation, behind: readonly InArtifact[]): Promise<Read> {
  const outputs = new Map<string, Json>()
  for (const { callId, taskId, artifact } of behind) {
    const content = await readPatiently(driver, ref.tenant, artifact)
    if (content === null) return { type: 'erased', taskId }
    outputs.set(callId, content)
  }
  return { type: 'read', outputs }
}
