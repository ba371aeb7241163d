/** The action `process`: hands the whole result of a call to the agent's processor, where that is a function. Never rejects. */
import { type Action, admit, type CallState, type Completion, type Json } from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'
import type { ProcessedResult } from './memory-options.ts'
import { problemText } from './problem-text.ts'
import { readPatiently } from './read-artifact.ts'
import { withinTime } from './within-time.ts'

type Process = Extract<Action, { type: 'process' }>
type Patched = Pick<Extract<Completion, { type: 'record_patch' }>, 'patch' | 'problem'>

export async function processResult(
  activation: Activation,
  { callId, attempt }: Process,
  signal: AbortSignal,
): Promise<Completion> {
  const patched = await patchOf(activation, callId, signal).catch((problem: unknown) => ({
    problem: `the processor failed: ${problemText(problem)}`,
  }))
  return { type: 'record_patch', callId, attempt, ...patched }
}

async function patchOf(activation: Activation, callId: string, signal: AbortSignal): Promise<Patched> {
  const { agent, driver } = activation
  const call = stateOf(activation).calls.get(callId)
  const { processor } = agent.memory
  if (processor === undefined || !('process' in processor))
    return { problem: 'the agent has no such processor any more' }
  if (call === undefined) return { problem: 'its call is gone' }
  const controller = new AbortController()
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  const result = await resultFor(activation, call, controller.signal)
  if (result === null) return { problem: 'the content of its artifact was erased' }
  const bounds = {
    env: driver.env,
    timeoutMs: driver.limits.policyTimeoutMs,
    what: 'processing the result',
    controller,
  }
  const patch: unknown = await withinTime(Promise.resolve(processor.process(result)), bounds)
  const { maxDepth, maxInputBytes: maxBytes } = driver.limits
  const admitted = admit(patch ?? {}, { maxDepth, maxBytes }, 'repair')
  return admitted.type === 'ok' ? { patch: admitted.value } : { problem: `its answer is no patch: ${admitted.problem}` }
}

async function resultFor(
  activation: Activation,
  call: CallState,
  signal: AbortSignal,
): Promise<ProcessedResult | null> {
  const { facts, questions } = stateOf(activation)
  const { tool, callId, taskId, input } = call
  const output = await wholeOutput(activation, call)
  if (output === null) return null
  const copies = structuredClone({
    input,
    output: output.value,
    facts: [...facts.values()],
    questions: [...questions.values()],
  })
  return { tool, callId, taskId, ...copies, from: isOfPerson(call) ? 'person' : 'tool', signal }
}

/** A question has no terms; what was answered in place of a call has no output. */
function isOfPerson({ terms, outcome }: CallState): boolean {
  return terms === null || outcome?.type !== 'ok'
}

/** What a call came to: also where that is an artifact. Null: its content was erased. */
export async function wholeOutput(
  { driver, ref }: Activation,
  { artifact, outcome }: CallState,
): Promise<{ readonly value: Json } | null> {
  if (outcome === null || outcome.type === 'cancelled') return { value: null }
  if (outcome.type !== 'ok') return { value: outcome.message }
  if (artifact === null) return { value: outcome.output }
  const value = await readPatiently(driver, ref.tenant, artifact)
  return value === null ? null : { value }
}
