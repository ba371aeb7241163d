/** From the content of the AI SDK to our neutral answer. The same conversion serves streamed and whole answers. */
import type { LanguageModelV4FinishReason, LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import { admit, type BorderLimits, parseJson } from '../core/border.ts'
import type { AssistantPart, FinishReason, Json, ModelResponse, Usage } from '../core/index.ts'
import { ModelRequestError } from '../ports/index.ts'
import { type Collected, cutStream } from './ai-sdk-stream.ts'

type Content = Collected['content'][number]
type ToolCall = Extract<Content, { type: 'tool-call' }>

/** Of one input or one opaque piece of provider data; a whole answer has to fit into an event of 1 MiB. */
const PART_LIMITS: BorderLimits = { maxDepth: 64, maxBytes: 262_144 }

/** Content that a stream has, a whole answer has not, and no prompt takes back. */
const streamOnlyKinds: ReadonlySet<string> = new Set(['anthropic.message_start'])

/** Throws `cut_stream` or `invalid_response` where the finish reason says that this is no whole answer. */
export function toResponse(
  collected: Collected & { readonly headers?: Readonly<Record<string, string>> | undefined },
): ModelResponse {
  const { content, finishReason, headers = {}, id, modelId } = collected
  const finish = toFinish(finishReason)
  const requestId = headers['x-request-id'] ?? headers['request-id'] ?? id
  return {
    parts: content.flatMap((part, index) => toParts(part, finish === 'length' && index === content.length - 1)),
    finish,
    usage: toUsage(collected.usage),
    ...(requestId !== undefined && { requestId: clean(requestId) }),
    ...(modelId !== undefined && { modelId: clean(modelId) }),
  }
}

function toFinish({ unified, raw }: LanguageModelV4FinishReason): FinishReason {
  switch (unified) {
    case 'content-filter':
      return 'refusal'
    case 'tool-calls':
      return 'tool_calls'
    case 'interrupted':
      throw cutStream()
    case 'error':
      throw new ModelRequestError(
        'invalid_response',
        `the provider ended its answer with an error (${raw ?? 'unnamed'})`,
        {
          retryable: true,
        },
      )
    default:
      return unified
  }
}

/** Null where a count is missing: the runtime then settles at its reservation. */
function toUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage | null {
  if (!isCount(inputTokens.total) || !isCount(outputTokens.total)) return null
  const { cacheRead } = inputTokens
  const { reasoning } = outputTokens
  return {
    inputTokens: inputTokens.total,
    outputTokens: outputTokens.total,
    ...(isCount(cacheRead) && { cachedInputTokens: cacheRead }),
    ...(isCount(reasoning) && { reasoningTokens: reasoning }),
  }
}

function isCount(tokens: number | undefined): tokens is number {
  return tokens !== undefined && Number.isSafeInteger(tokens) && tokens >= 0
}

function toParts(part: Content, isCutHere: boolean): readonly AssistantPart[] {
  switch (part.type) {
    case 'text': {
      const text = { type: 'text', text: clean(part.text), ...opaque(part.providerMetadata) } as const
      const { citations = [] } = part
      return citations.length === 0 ? [text] : [text, other('citations', { citations })]
    }
    case 'reasoning':
      return [{ type: 'reasoning', text: clean(part.text), ...opaque(part.providerMetadata) }]
    case 'tool-call':
      return [part.providerExecuted === true ? toRunCall(part) : toCall(part, isCutHere)]
    case 'custom':
      return streamOnlyKinds.has(part.kind) ? [] : [other(part.kind, part)]
    case 'tool-result':
      return part.preliminary === true ? [] : [other(part.type, part)]
    case 'file':
    case 'reasoning-file':
      return [other(part.type, { ...part, data: { ...part.data, ...writable(part.data) } })]
    default:
      return [other(part.type, part)]
  }
}

/** A call that the provider ran: its input as a value where it can be read, so that spaces in it do not matter. */
function toRunCall(part: ToolCall): AssistantPart {
  const parsed = parseJson(part.input, PART_LIMITS)
  return other(part.type, { ...part, input: parsed.type === 'ok' ? parsed.value : part.input })
}

/** No input means none was needed, unless the output limit may have cut it off. */
function toCall(part: ToolCall, isCutHere: boolean): AssistantPart {
  const called = {
    providerCallId: clean(part.toolCallId),
    tool: clean(part.toolName),
    ...opaque(part.providerMetadata),
  }
  const inputText = part.input.trim() === '' ? '{}' : part.input
  const invalid = { type: 'invalid_call', ...called, inputText: clean(part.input) } as const
  if (isCutHere && inputText === '{}') return { ...invalid, problem: 'the output limit cut the input off' }
  const parsed = parseJson(inputText, PART_LIMITS)
  return parsed.type === 'ok'
    ? { type: 'call', ...called, input: parsed.value }
    : { ...invalid, problem: parsed.problem }
}

function opaque(metadata: SharedV4ProviderMetadata | undefined): { readonly providerData?: Json } {
  if (metadata === undefined) return {}
  const admitted = admit(metadata, PART_LIMITS, 'repair')
  return admitted.type === 'ok' ? { providerData: admitted.value } : {}
}

/** What the provider did besides talking to us. What cannot stand in the log is named, never kept. */
function other(kind: string, data: object): AssistantPart {
  const admitted = admit(data, PART_LIMITS, 'repair')
  return {
    type: 'other',
    kind,
    providerData: admitted.type === 'ok' ? admitted.value : { dropped: admitted.problem },
  }
}

function writable(data: { readonly data?: Uint8Array | string; readonly url?: URL }): {
  data?: string
  url?: string
} {
  return {
    ...(data.data !== undefined && {
      data: typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64'),
    }),
    ...(data.url !== undefined && { url: String(data.url) }),
  }
}

/** NUL and lone surrogates cannot stand in the log. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
