/** Models that nobody bills: answers written down beforehand, as data or as a function of the request. */
import { setTimeout as after } from 'node:timers/promises'
import type { AssistantPart, FinishReason, Json, ModelResponse, Price, Usage } from '../core/index.ts'
import { type Model, type ModelDelta, type ModelRequest, ModelRequestError } from '../ports/index.ts'

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

/** What the model says in one turn. A plain string is an answer in text. */
export type ScriptedDecision =
  | string
  | {
      readonly text?: string
      readonly reasoning?: string
      readonly calls?: readonly ScriptedCall[]
      /** Absent: estimated from the characters; null: the provider said nothing of usage. */
      readonly usage?: Usage | null
      readonly finish?: FinishReason
      readonly error?: ScriptedError
    }

/** A list is read by the number of the turn, never by a counter in memory: a restarted process goes on where it was. */
export type Script =
  | readonly ScriptedDecision[]
  | ((request: ModelRequest, moment: { readonly turn: number }) => ScriptedDecision | Promise<ScriptedDecision>)

export type ScriptedOptions = {
  /** `scripted` by default. */
  readonly id?: string
  /** Nothing by default: a script costs 0, and a cost cap is allowed to start. */
  readonly price?: Price | null
  /** How long every answer takes; without it deltas and answer come at once. */
  readonly delayMs?: number
}

type GenerateOptions = Parameters<Model['generate']>[1]

const FREE: Price = { inputMicroUsdPerMTok: 0, outputMicroUsdPerMTok: 0 }
const CHARACTERS_PER_TOKEN = 4
const TEXT_CHUNKS = 3

/**
 * A model that follows a script. Turn n gets the n-th decision; a turn past the end of a list fails for good with
 * `script_exhausted`. Call ids follow from turn and index, so that the same script gives the same log.
 */
export function scripted(script: Script, options: ScriptedOptions = {}): Model {
  const { id = 'scripted', price = FREE, delayMs = 0 } = options
  return {
    id,
    price,
    isScripted: true,
    async generate(request, generation) {
      const decision = await decide(script, request, id)
      if (delayMs > 0) await wait(delayMs, generation.signal)
      refuseAborted(generation.signal)
      return answer(decision, request, generation)
    },
  }
}

/**
 * Plays recorded responses back, untouched: turn n gets the n-th. For fixtures that were recorded from a real model.
 * A turn past the end fails for good with `script_exhausted`.
 */
export function recorded(responses: readonly ModelResponse[], options: ScriptedOptions = {}): Model {
  const { id = 'recorded', price = FREE, delayMs = 0 } = options
  return {
    id,
    price,
    isScripted: true,
    async generate(request, generation) {
      const response = responses[request.turn - 1]
      if (response === undefined) throw exhausted(id, request.turn, responses.length)
      if (delayMs > 0) await wait(delayMs, generation.signal)
      refuseAborted(generation.signal)
      return emit(response, generation)
    },
  }
}

function decide(script: Script, request: ModelRequest, id: string): ScriptedDecision | Promise<ScriptedDecision> {
  const { turn } = request
  if (typeof script === 'function') return script(request, { turn })
  const decision = script[turn - 1]
  if (decision === undefined) throw exhausted(id, turn, script.length)
  return decision
}

function exhausted(id: string, turn: number, length: number): ModelRequestError {
  const message = `${id}: turn ${turn} was asked for, and the script has ${length} decisions. Add one, or end the script with a decision without calls.`
  return new ModelRequestError('script_exhausted', message, { retryable: false })
}

/** Ends early when the signal is aborted; never throws. */
async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  await after(delayMs, undefined, { signal }).catch(() => undefined)
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ModelRequestError('aborted', 'the request was aborted', { retryable: false })
}

function answer(decision: ScriptedDecision, request: ModelRequest, generation: GenerateOptions): ModelResponse {
  const said = typeof decision === 'string' ? { text: decision } : decision
  const { error } = said
  if (error !== undefined && request.attempt <= (error.attempts ?? Number.POSITIVE_INFINITY)) throw failure(error)
  const parts = partsOf(said, request.turn)
  const finish = said.finish ?? (said.calls !== undefined && said.calls.length > 0 ? 'tool_calls' : 'stop')
  const usage = said.usage === undefined ? estimate(request, parts) : said.usage
  return emit({ parts, finish, usage }, generation)
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

function partsOf(said: Exclude<ScriptedDecision, string>, turn: number): readonly AssistantPart[] {
  const parts: AssistantPart[] = []
  if (said.reasoning !== undefined) parts.push({ type: 'reasoning', text: said.reasoning })
  if (said.text !== undefined) parts.push({ type: 'text', text: said.text })
  for (const [index, call] of (said.calls ?? []).entries()) {
    const providerCallId = call.providerCallId ?? `scripted-${turn}-${index + 1}`
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
function emit(response: ModelResponse, { onDelta }: GenerateOptions): ModelResponse {
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
