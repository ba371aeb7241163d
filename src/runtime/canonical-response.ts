/** The border for what a model says: well-formed text, admitted JSON, honest numbers. Whatever an adapter returns, this is what is stored. */
import {
  type Admitted,
  type AssistantPart,
  admit,
  type FinishReason,
  type Json,
  type ModelResponse,
  previewOf,
  type Usage,
  utf8Bytes,
} from '../core/index.ts'
import { ModelRequestError } from '../ports/index.ts'
import type { RuntimeLimits } from './options.ts'

/** Left of an event for everything that is not the response. */
const EVENT_SLACK_BYTES = 16_384
/** Of names and ids of a provider. */
export const NAME_CHARACTERS = 200
/** Of the code of an error. */
export const MAX_CODE_CHARACTERS = 100

/**
 * Adapters are held to nothing: what is no part becomes one of kind `unknown`, a finish that nobody knows is `other`.
 * @throws TypeError if the parts are no list.
 * @throws ModelRequestError `response_too_large` if it does not fit an event, `too_many_calls` over `maxCallsInAnswer`.
 */
export function canonicalResponse(response: ModelResponse, limits: RuntimeLimits): ModelResponse {
  const parts = listed(response.parts).map((part) => canonicalPart(part, limits))
  refuseManyCalls(parts, limits)
  const canonical: ModelResponse = {
    parts,
    finish: finishes.find((finish) => finish === response.finish) ?? 'other',
    usage: honestUsage(response.usage),
    ...(response.requestId !== undefined && { requestId: name(response.requestId) }),
    ...(response.modelId !== undefined && { modelId: name(response.modelId) }),
  }
  const text = JSON.stringify(canonical)
  const most = limits.maxEventBytes - EVENT_SLACK_BYTES
  if (text.length * 3 <= most || utf8Bytes(text) <= most) return canonical
  throw new ModelRequestError(
    'response_too_large',
    `expected an answer of at most ${most} bytes; found ${utf8Bytes(text)}`,
    { retryable: true },
  )
}

/** Bytes have a `map`, too, which gives bytes. A copy has no methods of its own. */
function listed(parts: unknown): readonly AssistantPart[] {
  if (Array.isArray(parts)) return Array.from<AssistantPart>(parts)
  throw new TypeError(
    `expected the parts of an answer as a list; found ${previewOf(Object.prototype.toString.call(parts), NAME_CHARACTERS)}`,
  )
}

const finishes: readonly FinishReason[] = ['stop', 'length', 'refusal', 'tool_calls', 'error', 'other']

/** Each call past `maxCallsPerTurn` still costs an event, and what a turn costs grows with the square of them. */
function refuseManyCalls(parts: readonly AssistantPart[], { maxCallsInAnswer }: RuntimeLimits): void {
  const calls = parts.filter(({ type }) => type === 'call' || type === 'invalid_call').length
  if (calls <= maxCallsInAnswer) return
  const message = `expected an answer with at most ${maxCallsInAnswer} calls; found ${calls}`
  throw new ModelRequestError('too_many_calls', message, { retryable: true })
}

function canonicalPart(part: AssistantPart, limits: RuntimeLimits): AssistantPart {
  if (typeof part !== 'object' || part === null) return unknownPart(part, limits)
  const providerData = admittedData(part.providerData, limits)
  const withData = providerData === undefined ? {} : { providerData }
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, text: wellFormed(part.text), ...withData }
    case 'other':
      return { type: 'other', kind: name(part.kind), providerData: providerData ?? null }
    case 'invalid_call': {
      const { problem } = part
      return {
        type: 'invalid_call',
        ...names(part),
        inputText: previewOf(wellFormed(part.inputText), limits.resultPreviewCharacters),
        problem: wellFormed(problem),
        ...withData,
      }
    }
    case 'call': {
      const input = admitData(part.input, limits)
      if (input.type === 'ok') return { type: 'call', ...names(part), input: input.value, ...withData }
      return { type: 'invalid_call', ...names(part), inputText: '', problem: input.problem, ...withData }
    }
    default:
      return unknownPart(part, limits)
  }
}

/** Kept for whoever looks at the log; no model is shown it. */
function unknownPart(part: unknown, limits: RuntimeLimits): AssistantPart {
  return { type: 'other', kind: 'unknown', providerData: admittedData(part, limits) ?? null }
}

function names(part: { readonly providerCallId: string; readonly tool: string }): {
  providerCallId: string
  tool: string
} {
  return { providerCallId: name(part.providerCallId), tool: name(part.tool) }
}

function name(text: string): string {
  return previewOf(wellFormed(text), NAME_CHARACTERS)
}

function wellFormed(text: unknown): string {
  return String(text).toWellFormed().replaceAll('\0', '\uFFFD')
}

function admitData(value: unknown, limits: RuntimeLimits): Admitted {
  return admit(value, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'repair')
}

/** Opaque, and only kept where it can be stored as it is: a changed signature would be worth nothing. */
function admittedData(value: unknown, limits: RuntimeLimits): Json | undefined {
  if (value === undefined) return undefined
  const admitted = admit(value, { maxDepth: limits.maxDepth, maxBytes: limits.maxEventBytes }, 'refuse')
  return admitted.type === 'ok' ? admitted.value : undefined
}

/** Far over what any model reads or writes at once, and so little that a session's sum stays exact. */
const MAX_TOKENS = 1_000_000_000

/** Counts that cannot be are no usage: the attempt is settled at its reservation. */
function honestUsage(usage: Usage | null | undefined): Usage | null {
  if (usage === null || usage === undefined) return null
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage
  const optional = [cachedInputTokens, reasoningTokens]
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null
  if (!optional.every((tokens) => tokens === undefined || isCount(tokens))) return null
  return {
    inputTokens,
    outputTokens,
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  }
}

function isCount(tokens: unknown): tokens is number {
  return Number.isSafeInteger(tokens) && Number(tokens) >= 0 && Number(tokens) <= MAX_TOKENS
}
