/** The action `judge`: is the tool known, is the input valid, and what does policy say. Fails closed. */
import type {
  Action,
  CallState,
  CallTerms,
  Completion,
  Json,
  Judgement,
  Question,
  State,
  Verdict,
} from '../core/index.ts'
import { admit } from '../core/index.ts'
import type { AnyTool, Policy, PolicyRequest, Schema } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { frozenView } from './frozen-view.ts'
import { canonicalJson, hashOf } from './hash.ts'
import { checkPolicies } from './policy-check.ts'
import { problemText } from './problem-text.ts'
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
  const call = stateOf(activation).calls.get(callId)
  const tool = call && activation.agent.tools.get(call.tool)
  if (call === undefined || tool === undefined) return unknownTool(activation, call?.tool ?? '')
  const validated = validate(tool.input, call.input)
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

type Validated =
  | { readonly type: 'valid'; readonly value: unknown }
  | { readonly type: 'invalid'; readonly message: string }
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
  if (result.type === 'invalid') return invalid(result.message)
  const admitted = admit(result.value, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem') return invalid(admitted.problem)
  const input = admitted.value
  if (tool.asks !== undefined) return { type: 'question', question: questionOf(tool, input) }
  const terms = termsOf(activation, { call, tool, input })
  const asJudgement = ({ verdict, policy }: { verdict: Verdict; policy?: string }): Judgement => ({
    type: 'verdict',
    verdict,
    terms,
    ...(policy !== undefined && { policy }),
    ...(canonicalJson(input) !== canonicalJson(call.input) && { input }),
  })
  const request = policyRequest(activation, { call, tool, input, terms, signal })
  const verdict = checkPolicies(relevant(activation.agent.policies, tool.name), request, activation.driver)
  return verdict instanceof Promise ? verdict.then(asJudgement) : asJudgement(verdict)
}

export function validate(schema: Schema, value: unknown): Validated | Promise<Validated> {
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then(asValidated) : asValidated(result)
}

type SchemaResult = Awaited<ReturnType<Schema['~standard']['validate']>>

function asValidated(result: SchemaResult): Validated {
  if (result.issues === undefined) return { type: 'valid', value: result.value }
  const sentences = result.issues.slice(0, 8).map(({ message, path }) => {
    const where = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return where === '' ? message : `${where}: ${message}`
  })
  return { type: 'invalid', message: `the input does not fit the tool's schema: ${sentences.join('; ')}` }
}

function questionOf(tool: AnyTool, input: Json): Question {
  // The tool's own schema has validated the input that its own `asks` reads.
  const admitted = admit(tool.asks?.(input as never), QUESTION_LIMITS, 'repair')
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
    value.options.every((option) => typeof option === 'string')
  )
}

function termsOf(
  activation: Activation,
  { call, tool, input }: { call: CallState; tool: AnyTool; input: Json },
): CallTerms {
  const { ref, agent, driver } = activation
  const { policyHash } = agent
  return {
    effect: tool.effect,
    timeoutMs: tool.timeoutMs ?? driver.limits.toolTimeoutMs,
    retries: tool.retries ?? 0,
    verifies: tool.verify !== undefined,
    repeat: tool.repeat ?? 'ask',
    idempotencyKey: `${ref.sessionId}/${call.callId}`,
    effectHash: hashOf([tool.name, input]),
    approvalHash: hashOf([ref.sessionId, call.callId, tool.name, input, policyHash]),
    policyHash,
  }
}

type Requested = {
  readonly call: CallState
  readonly tool: AnyTool
  readonly input: Json
  readonly terms: CallTerms
  readonly signal: AbortSignal
}

/** Views are made when they are read: most policies look at the call alone. */
function policyRequest(activation: Activation, { call, tool, input, terms, signal }: Requested): PolicyRequest {
  const state = stateOf(activation)
  const { tokens, costMicroUsd, calls, callRetries } = state.ledger
  return frozenFields({
    tenant: state.tenant,
    sessionId: state.sessionId,
    agent: state.agent,
    call: { callId: call.callId, tool: call.tool, input: frozenView(input), attempt: call.attempt },
    tool: { name: tool.name, effect: tool.effect, sensitivity: tool.sensitivity ?? 'internal' },
    get requester() {
      return frozenView(state.requester)
    },
    get context() {
      return frozenView(state.context)
    },
    spent: { tokens, costMicroUsd, calls, callRetries },
    approval: liveApproval(state, call, terms),
    get state() {
      return frozenView(state)
    },
    signal,
  })
}

function frozenFields(request: PolicyRequest): PolicyRequest {
  for (const key of ['call', 'tool', 'spent'] as const) Object.freeze(request[key])
  return Object.freeze(request)
}

function liveApproval(state: State, call: CallState, terms: CallTerms): PolicyRequest['approval'] {
  const approval = call.approvalId === null ? undefined : state.approvals.get(call.approvalId)
  if (approval === undefined || call.approvedHash !== terms.approvalHash) return null
  return { approvalId: approval.approvalId, by: [...approval.votes] }
}

function relevant(policies: readonly Policy[], tool: string): readonly Policy[] {
  return policies.filter((policy) => policy.tools === '*' || policy.tools.includes(tool))
}

function unknownTool({ agent }: Activation, name: string): Judgement {
  const known = [...agent.tools.keys()].join(', ') || 'none'
  return {
    type: 'invalid',
    reason: 'unknown_tool',
    message: `there is no tool "${name.slice(0, 100)}"; the tools are: ${known}`,
  }
}

/** A schema or a definition that throws: the call does not run, and the model is told. */
function broken(activation: Activation, callId: string, problem: unknown): Judgement {
  const message = problemText(problem)
  const call = stateOf(activation).calls.get(callId)
  const effect = call && activation.agent.tools.get(call.tool)?.effect
  return {
    type: 'invalid',
    reason: 'invalid_input',
    message: `the call could not be judged: ${message}`,
    ...(effect && { effect }),
  }
}
