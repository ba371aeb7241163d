/** The action `judge`: is the tool known, is the input valid, and what does policy say. Fails closed. */

import { SEARCH_TOOLS } from '../core/builtin-names.ts'
import type { Action, CallState, CallTerms, Completion, Json, Judgement, Question, Verdict } from '../core/index.ts'
import {
  admit,
  didYouMean,
  isControlTool,
  mustPlan,
  previewOf,
  ROOT_TASK,
  type State,
  type TaskState,
} from '../core/index.ts'
import type { AnyTool, Policy } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { artifactLabels, type Labels } from './artifact-labels.ts'
import { shownTools, toolNamed } from './builtin-tools.ts'
import { canonicalJson, hashOf } from './hash.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { judgeControl } from './judge-control.ts'
import { inputSecrets, judgeSecrets } from './judge-secrets.ts'
import { checkPolicies } from './policy-check.ts'
import { policyRequest } from './policy-request.ts'
import { problemText } from './problem-text.ts'
import { shapesOf, tellingOf } from './sensitive-tool.ts'
import { mayCall, toolsOfTask } from './tools-of-task.ts'
import { type Validated, validate } from './validate.ts'
import { type TimeBounds, withinTime } from './within-time.ts'

type Judge = Extract<Action, { type: 'judge' }>

/** Answers at once where the schema and all policies do. The promise, if any, never rejects. */
export function judgeCall(
  activation: Activation,
  action: Judge,
  signal: AbortSignal,
): Completion | Promise<Completion> {
  const { callId, judgementNumber } = action
  const { writeEpoch } = stateOf(activation)
  const asCompletion = (judgement: Judgement): Completion => ({
    type: 'record_verdict',
    callId,
    judgementNumber,
    judgement,
    writeEpoch,
  })
  const asFailure = (problem: unknown): Completion => asCompletion(broken(activation, callId, problem))
  try {
    const judged = judge(activation, callId, signal)
    return judged instanceof Promise ? judged.then(asCompletion, asFailure) : asCompletion(judged)
  } catch (problem) {
    return asFailure(problem)
  }
}

function judge(activation: Activation, callId: string, signal: AbortSignal): Judgement | Promise<Judgement> {
  const state = stateOf(activation)
  const call = state.calls.get(callId)
  if (call !== undefined && isControl(activation, state, call)) return judgeControl(activation, state, call)
  const tool = call && toolOf(activation, state, call)
  if (call === undefined || tool === undefined) return unknownTool(activation, call)
  const refused = judgeSecrets(activation, tool, call.input)
  if (refused instanceof Promise)
    return refused.then((found) => found ?? judgeCallOf(activation, { call, tool, signal }))
  return refused ?? judgeCallOf(activation, { call, tool, signal })
}

function judgeCallOf(
  activation: Activation,
  { call, tool, signal }: Omit<Judging, 'result'>,
): Judgement | Promise<Judgement> {
  const { driver, ref } = activation
  const telling = () => tellingOf([shapesOf(tool).input], call.input, driver.secrets.redactor(ref.tenant))
  const validated = validate(tool.input, call.input, telling)
  if (validated instanceof Promise)
    return withinTime(validated, schemaBounds(activation)).then((result) =>
      judgeInput(activation, { call, tool, result, signal }),
    )
  return judgeInput(activation, { call, tool, result: validated, signal })
}

/** A schema of the user's may ask somebody, and wait for ever. */
function schemaBounds({ driver }: Activation): TimeBounds {
  return { env: driver.env, timeoutMs: driver.limits.policyTimeoutMs, what: 'validating the input' }
}

type Judging = {
  readonly call: CallState
  readonly tool: AnyTool
  readonly result: Validated
  readonly signal: AbortSignal
}

function judgeInput(activation: Activation, { call, tool, result, signal }: Judging): Judgement | Promise<Judgement> {
  const { limits } = activation.driver
  const invalid = (message: string): Judgement => ({
    type: 'invalid',
    reason: 'invalid_input',
    message,
    effect: tool.effect,
  })
  if (result.type === 'invalid') return invalid(`the input does not fit the tool's schema: ${result.message}`)
  const admitted = admit(result.value, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem') return invalid(admitted.problem)
  const input = admitted.value
  const isChanged = canonicalJson(input) !== canonicalJson(call.input)
  const refused = isChanged ? inputSecrets(activation, tool, input) : null
  if (refused !== null) return refused
  if (tool.asks !== undefined) return { type: 'question', question: questionOf(tool, input) }
  const terms = termsOf(activation, { call, tool, input })
  const asJudgement = ({ verdict, policy }: { verdict: Verdict; policy?: string }): Judgement => ({
    type: 'verdict',
    verdict,
    terms,
    ...(policy !== undefined && { policy }),
    ...(isChanged && { input }),
  })
  const request = policyRequest(activation, { call, tool, input, terms, signal })
  const verdict = checkPolicies(relevant(activation.agent.policies, tool.name), request, activation.driver)
  return verdict instanceof Promise ? verdict.then(asJudgement) : asJudgement(verdict)
}

function questionOf(tool: AnyTool, input: Json): Question {
  // The tool's own schema has validated the input that its own `asks` reads.
  const asked: unknown = tool.asks?.(input as never)
  // No promise is a question; what becomes of it is nobody's, and must not end the process.
  if (asked instanceof Promise) asked.catch(() => {})
  const admitted = admit(asked, QUESTION_LIMITS, 'repair')
  if (admitted.type === 'problem') throw new TypeError(`the question cannot be asked: ${admitted.problem}`)
  if (!isQuestion(admitted.value)) throw new TypeError('the question has to be { text, options }')
  return admitted.value
}

const QUESTION_LIMITS = { maxDepth: 8, maxBytes: 65_536 }

function isQuestion(value: unknown): value is Question {
  if (typeof value !== 'object' || value === null || !('text' in value) || !('options' in value)) return false
  return (
    typeof value.text === 'string' &&
    Array.isArray(value.options) &&
    value.options.every((option) => typeof option === 'string') &&
    (!('field' in value) || typeof value.field === 'string')
  )
}

function termsOf(
  activation: Activation,
  { call, tool, input }: { call: CallState; tool: AnyTool; input: Json },
): CallTerms {
  const { ref, agent, driver } = activation
  const { policyHash } = agent
  const effectHash = hashOf([tool.name, input])
  return {
    effect: tool.effect,
    timeoutMs: tool.timeoutMs ?? driver.limits.toolTimeoutMs,
    retries: tool.retries ?? 0,
    // Whether the module of an isolated tool has a verify is known when it is asked.
    verifies: tool.verify !== undefined || tool.isolation !== undefined,
    repeat: tool.repeat ?? 'ask',
    idempotencyKey: keyBefore(stateOf(activation), call, effectHash) ?? idempotencyKeyOf(ref, call.callId),
    effectHash,
    approvalHash: hashOf([ref.sessionId, call.callId, tool.name, input, policyHash]),
    policyHash,
    ...labelsOf(tool, call, artifactLabels(stateOf(activation), tool.name, input)),
  }
}

/**
 * A direct task that is tried again with the same input asks for the same effect: the system outside has to be able to tell. The attempt
 * just before may have had another input, which a person wanted, or none that could be judged.
 */
function keyBefore({ tasks, calls }: State, { taskId }: CallState, effectHash: string): string | null {
  const before = tasks.get(taskId)?.callsBefore.map((callId) => calls.get(callId)?.terms)
  return before?.findLast((terms) => terms?.effectHash === effectHash)?.idempotencyKey ?? null
}

/** What the tool says of its answers. A call that a person lets run again has answered before: its labels stay. */
function labelsOf({ trust = 'tool', sensitivity = 'internal' }: AnyTool, { terms }: CallState, read: Labels): Labels {
  const isPrivate = [sensitivity, terms?.sensitivity, read.sensitivity].includes('private')
  return {
    ...([trust, terms?.trust, read.trust].includes('external') && { trust: 'external' }),
    ...(isPrivate ? { sensitivity: 'private' } : sensitivity === 'public' && { sensitivity }),
  }
}

function relevant(policies: readonly Policy[], tool: string): readonly Policy[] {
  return policies.filter((policy) => policy.tools === '*' || policy.tools.includes(tool))
}

function unknownTool(activation: Activation, call: CallState | undefined): Judgement {
  const name = call?.tool ?? ''
  const state = stateOf(activation)
  const task = state.tasks.get(call?.taskId ?? ROOT_TASK)
  const message = mustPlan(state)
    ? `not run: this work needs a plan first. Call plan, then ${previewOf(name, 100)}`
    : `there is no tool "${previewOf(name, 100)}"; the tools are: ${knownTools(activation, state, { task, name })}`
  return { type: 'invalid', reason: 'unknown_tool', message }
}

/** Those that the model is shown; of a longer list also those that are called nearly so, and how the others are found. */
function knownTools(
  { agent, driver }: Activation,
  state: State,
  { task, name }: { readonly task: TaskState | undefined; readonly name: string },
): string {
  if (task === undefined) return [...agent.tools.keys()].join(', ') || 'none'
  const own = toolsOfTask(agent, state, task)
  const shown = shownTools(agent, state, { task, limits: driver.limits }).map((spec) => spec.name)
  const more = own.size - shown.filter((each) => own.has(each)).length
  const listed = shown.join(', ') || 'none'
  return more === 0 ? listed : `${listed}, and ${more} more, which ${SEARCH_TOOLS} finds.${didYouMean(name, own)}`
}

/** Also where the agent has stopped to plan since the session began: its plan goes on as it was. */
function isControl({ agent }: Activation, { planning }: State, { tool }: CallState): boolean {
  return isControlTool(tool) && (agent.planning !== null || (planning !== null && !agent.tools.has(tool)))
}

/** A task may call what it was given, and nothing else that its agent has. */
function toolOf(activation: Activation, state: State, { taskId, tool }: CallState): AnyTool | undefined {
  const { agent, driver } = activation
  const task = state.tasks.get(taskId)
  const { limits } = driver
  const isKnown = task === undefined || mayCall(agent, state, { task, tool, limits })
  return isKnown ? toolNamed(activation, tool) : undefined
}

/** A schema or a definition that throws: the call does not run, and the model is told. */
function broken(activation: Activation, callId: string, problem: unknown): Judgement {
  const message = problemText(problem)
  const call = stateOf(activation).calls.get(callId)
  const effect = call && toolNamed(activation, call.tool)?.effect
  return {
    type: 'invalid',
    reason: 'invalid_input',
    message: `the call could not be judged: ${message}`,
    ...(effect && { effect }),
  }
}
