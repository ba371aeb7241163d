/** One adapter over every provider of the AI SDK, through `doStream` alone: one request a call, no retry of its own. */
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { JsonObject, ModelResponse, Price } from '../core/index.ts'
import type { Model, ModelRequest } from '../ports/index.ts'
import { toRequestError } from './ai-sdk-error.ts'
import { toResponseFormat, warningsOf, withOutputInWords } from './ai-sdk-output.ts'
import { toPrompt, toTools } from './ai-sdk-prompt.ts'
import { toResponse } from './ai-sdk-response.ts'
import { collect } from './ai-sdk-stream.ts'
import { callAsAnswer, deltasAsAnswer } from './output-call.ts'
import { mergeSettings } from './settings.ts'

export type AiSdkOptions = {
  /** `provider/model`; by default from the model itself. */
  readonly id?: string
  /** Integer micro-dollars for a million tokens; null or absent: unknown, and a cost cap refuses to start. */
  readonly price?: Price | null
  /** Settings of the AI SDK's call (`topP`, `seed`, `reasoning`, `providerOptions`, …); a request's own settings win. */
  readonly settings?: JsonObject
  /** False where the model refuses a temperature: the runtime then sends none. */
  readonly takesTemperature?: boolean
  /** False where the model refuses to be told which tool to call: the runtime then does not. */
  readonly takesToolChoice?: boolean
  /**
   * False where the provider takes no JSON schema for an answer, or leaves it out: the model is told of it in words. A provider that
   * warns of what it left out says so in the log, in a part of kind `warnings`.
   */
  readonly takesOutputSchema?: boolean
}

type GenerateOptions = Parameters<Model['generate']>[1]

/**
 * Wraps a language model of any `@ai-sdk/*` provider. Reasoning, signatures and provider-run tools ride along as opaque provider
 * data and go back untouched. Whatever goes wrong is a `ModelRequestError`: `http_<status>`, `network`, `cut_stream`,
 * `invalid_response`, `provider_error`, `timeout`, `aborted`, `response_too_large`, `invalid_request`, `configuration`, `adapter_error`.
 */
export function aiSdk(model: LanguageModelV4, options: AiSdkOptions = {}): Model {
  const { id = `${model.provider.split('.')[0]}/${model.modelId}`, price = null, settings = {} } = options
  const { takesTemperature = true, takesOutputSchema = true, takesToolChoice = true } = options
  return {
    id,
    price,
    ...(!takesTemperature && { takesTemperature }),
    ...(!takesOutputSchema && { takesOutputSchema }),
    ...(!takesToolChoice && { takesToolChoice }),
    generate: async (asked, { signal, onDelta }) => {
      const request = takesOutputSchema ? asked : withOutputInWords(asked)
      const generation = { signal, onDelta: deltasAsAnswer(asked, onDelta) }
      const response = await generate(model, toCallOptions(request, settings, signal), generation)
      return callAsAnswer(asked, response)
    },
  }
}

async function generate(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  generation: GenerateOptions,
): Promise<ModelResponse> {
  const { signal } = generation
  let isAnswering = false
  try {
    signal.throwIfAborted()
    const { stream, response } = await abortable(model.doStream(options), signal)
    isAnswering = true
    const collected = await collect(stream, generation)
    signal.throwIfAborted()
    const whole = toResponse({ ...collected, headers: response?.headers })
    if (options.responseFormat === undefined) return whole
    return { ...whole, parts: [...whole.parts, ...warningsOf(collected.warnings)] }
  } catch (error) {
    throw toRequestError(error, { signal, isAnswering })
  }
}

/** The first of: the promise, the abort. A client that ignores its signal is not waited for. */
function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const done = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).then(done, done)
  })
}

function toCallOptions(request: ModelRequest, settings: JsonObject, signal: AbortSignal): LanguageModelV4CallOptions {
  const { responseFormat, looseSettings } = toResponseFormat(request.output)
  return {
    ...mergeSettings(mergeSettings(looseSettings, settings), request.settings),
    prompt: toPrompt(request),
    maxOutputTokens: request.maxOutputTokens,
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.tools.length > 0 && { tools: toTools(request.tools) }),
    ...(request.mustCall !== undefined && { toolChoice: { type: 'tool', toolName: request.mustCall } }),
    ...(responseFormat !== undefined && { responseFormat }),
    abortSignal: signal,
  }
}
