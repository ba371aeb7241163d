/** A decision that was written down, as the answer of a model. */
import {
  type AssistantPart,
  type FinishReason,
  type Json,
  type ModelResponse,
  ROOT_TASK,
  type Usage,
} from '../core/index.ts'
import { type Model, type ModelDelta, type ModelRequest, ModelRequestError } from '../ports/index.ts'
import { callAsAnswer } from './output-call.ts'

/** One call of a scripted decision. `inputText` instead of `input` is a call that could not be read. */
export type ScriptedCall =
  | { readonly tool: string; readonly input: Json; readonly providerCallId?: string }
  | {
      readonly tool: string
      readonly inputText: string
      readonly problem?: string
      readonly providerCallId?: string
    }

/** A request that fails. With `attempts`, only the first that many attempts of the turn do; then the decision stands. */
export type ScriptedError = {
  /** The HTTP status, from which `code` and `retryable` follow; absent: the connection broke (`network`). */
  readonly status?: number
  readonly code?: string
  readonly message?: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  readonly attempts?: number
}

/** What the model says in one turn. A plain string is an answer in text, `json` the answer to a request for a value. */
export type ScriptedDecision = string | (Spoken & How) | ({ readonly json: Json; readonly reasoning?: string } & How)

type Spoken = {
  readonly text?: string
  readonly reasoning?: string
  readonly calls?: readonly ScriptedCall[]
}

type How = {
  /** Absent: estimated from the characters; null: the provider said nothing of usage. */
  readonly usage?: Usage | null
  readonly finish?: FinishReason
  readonly error?: ScriptedError
}

type GenerateOptions = Parameters<Model['generate']>[1]

const CHARACTERS_PER_TOKEN = 4
const TEXT_CHUNKS = 3

/** Deltas and answer; a call by the name of the output that was asked for counts as the answer, as with any adapter. */
export function answer(decision: ScriptedDecision, request: ModelRequest, generation: GenerateOptions): ModelResponse {
  const how: How = typeof decision === 'string' ? {} : decision
  const said = spoken(decision)
  const { error } = how
  if (error !== undefined && request.attempt <= (error.attempts ?? Number.POSITIVE_INFINITY)) throw failure(error)
  const parts = partsOf(said, request)
  const finish = how.finish ?? (said.calls !== undefined && said.calls.length > 0 ? 'tool_calls' : 'stop')
  const usage = how.usage === undefined ? estimate(request, parts) : how.usage
  return emit(callAsAnswer(request, { parts, finish, usage }), generation)
}

function spoken(decision: ScriptedDecision): Spoken {
  if (typeof decision === 'string') return { text: decision }
  if (!('json' in decision)) return decision
  const { json, reasoning } = decision
  return { text: JSON.stringify(json), ...(reasoning !== undefined && { reasoning }) }
}

function failure({ status, code, message, retryable, retryAfterMs }: ScriptedError): ModelRequestError {
  return new ModelRequestError(
    code ?? (status === undefined ? 'network' : `http_${status}`),
    message ?? (status === undefined ? 'scripted: the connection broke' : `scripted: the provider answered ${status}`),
    {
      retryable: retryable ?? (status === undefined || status >= 500 || [408, 409, 429].includes(status)),
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  )
}

function partsOf(said: Spoken, { taskId = ROOT_TASK, turn }: ModelRequest): readonly AssistantPart[] {
  const place = taskId === ROOT_TASK ? `${turn}` : `${taskId}-${turn}`
  const parts: AssistantPart[] = []
  if (said.reasoning !== undefined) parts.push({ type: 'reasoning', text: said.reasoning })
  if (said.text !== undefined) parts.push({ type: 'text', text: said.text })
  for (const [index, call] of (said.calls ?? []).entries()) {
    const providerCallId = call.providerCallId ?? `scripted-${place}-${index + 1}`
    const { tool } = call
    if ('input' in call) parts.push({ type: 'call', providerCallId, tool, input: call.input })
    else {
      const { inputText, problem = 'not JSON' } = call
      parts.push({ type: 'invalid_call', providerCallId, tool, inputText, problem })
    }
  }
  return parts
}

/** Deltas of a whole answer, synchronously; then the answer. */
export function emit(response: ModelResponse, { onDelta }: GenerateOptions): ModelResponse {
  let index = 0
  for (const part of response.parts) {
    if (part.type === 'text') emitText(part.text, onDelta)
    else if (part.type === 'reasoning') onDelta({ type: 'reasoning_delta', text: part.text })
    else if (part.type === 'call' || part.type === 'invalid_call') {
      const inputText = part.type === 'call' ? JSON.stringify(part.input) : part.inputText
      onDelta({ type: 'call_delta', index, tool: part.tool, inputText })
      index += 1
    }
  }
  return response
}

function emitText(text: string, onDelta: (delta: ModelDelta) => void): void {
  const size = Math.max(1, Math.ceil(text.length / TEXT_CHUNKS))
  for (let start = 0; start < text.length; ) {
    const end = endOfCharacter(text, start + size)
    onDelta({ type: 'text_delta', text: text.slice(start, end) })
    start = end
  }
}

/** A surrogate pair is never split. */
function endOfCharacter(text: string, end: number): number {
  const code = text.charCodeAt(end)
  return code >= 0xdc00 && code <= 0xdfff ? end + 1 : end
}

/** Characters / 4, like the runtime's own estimate. The prompt is measured without being joined. */
function estimate(request: ModelRequest, parts: readonly AssistantPart[]): Usage {
  let input = request.instructions.length
  for (const message of request.messages) {
    if (message.role === 'assistant') input += charactersOf(message.parts)
    else input += message.role === 'tool' ? JSON.stringify(message.result).length : message.text.length
  }
  return {
    inputTokens: Math.ceil(input / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(charactersOf(parts) / CHARACTERS_PER_TOKEN),
  }
}

function charactersOf(parts: readonly AssistantPart[]): number {
  let characters = 0
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'reasoning') characters += part.text.length
    else if (part.type === 'call') characters += part.tool.length + JSON.stringify(part.input).length
    else if (part.type === 'invalid_call') characters += part.tool.length + part.inputText.length
  }
  return characters
}
