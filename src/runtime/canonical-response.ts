/** The border for what a model says: well-formed text, admitted JSON, honest numbers. Whatever an adapter returns, this is what is stored. */
import {
  type Admitted,
  type AssistantPart,
  admit,
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
const NAME_CHARACTERS = 200

/** @throws ModelRequestError `response_too_large` if it does not fit an event. */
export function canonicalResponse(response: ModelResponse, limits: RuntimeLimits): ModelResponse {
  const parts = response.parts.map((part) => canonicalPart(part, limits))
  const canonical: ModelResponse = {
    parts,
    finish: response.finish,
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

function canonicalPart(part: AssistantPart, limits: RuntimeLimits): AssistantPart {
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
  }
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

/** Counts that cannot be are no usage: the attempt is settled at its reservation. */
function honestUsage(usage: Usage | null): Usage | null {
  if (usage === null) return null
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage
  const isCount = (tokens: number | undefined) => tokens === undefined || (Number.isSafeInteger(tokens) && tokens >= 0)
  if (inputTokens === undefined || outputTokens === undefined) return null
  return [inputTokens, outputTokens, cachedInputTokens, reasoningTokens].every(isCount) ? { ...usage } : null
}
