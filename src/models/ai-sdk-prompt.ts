/** From our neutral messages to the prompt of the AI SDK. */
import type {
  JSONValue,
  LanguageModelV4FilePart,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningFilePart,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import type { AssistantPart, Json, JsonObject, Message } from '../core/index.ts'
import type { ModelRequest, ToolSpec } from '../ports/index.ts'

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content']
type ToolMessage = Extract<Message, { role: 'tool' }>

/**
 * Instructions and system messages come first, in order: providers take them nowhere else. The n-th call of an assistant's turn
 * has the id of the n-th result after it, so that the two always match, also where the provider's own ids were doubled or empty.
 */
export function toPrompt(request: ModelRequest): LanguageModelV4Prompt {
  const { instructions, messages } = request
  const system = [instructions, ...messages.flatMap((message) => (message.role === 'system' ? [message.text] : []))]
  const content = system.filter((text) => text !== '').join('\n\n')
  const prompt: LanguageModelV4Prompt = content === '' ? [] : [{ role: 'system', content }]
  for (const [index, message] of messages.entries()) prompt.push(...toMessages(message, messages, index))
  return prompt
}

export function toTools(tools: readonly ToolSpec[]): LanguageModelV4FunctionTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    name,
    description,
    inputSchema: { ...inputSchema },
  }))
}

function toMessages(message: Message, messages: readonly Message[], index: number): LanguageModelV4Message[] {
  switch (message.role) {
    case 'system':
      return []
    case 'user':
      return [{ role: 'user', content: [{ type: 'text', text: message.text }] }]
    case 'assistant': {
      const content = toAssistant(message.parts, resultsAfter(messages, index))
      return content.length === 0 ? [] : [{ role: 'assistant', content }]
    }
    case 'tool':
      return isFirstResult(messages, index) ? [toToolMessage(resultsAfter(messages, index - 1))] : []
  }
}

function isFirstResult(messages: readonly Message[], index: number): boolean {
  return messages[index - 1]?.role !== 'tool'
}

function resultsAfter(messages: readonly Message[], index: number): readonly ToolMessage[] {
  const results: ToolMessage[] = []
  for (let at = index + 1; at < messages.length; at += 1) {
    const message = messages[at]
    if (message?.role !== 'tool') break
    results.push(message)
  }
  return results
}

/** All results of a turn in one message: some providers refuse them one by one. */
function toToolMessage(results: readonly ToolMessage[]): LanguageModelV4Message {
  return {
    role: 'tool',
    content: results.map((result) => ({
      type: 'tool-result',
      toolCallId: wireId(result.providerCallId),
      toolName: result.tool,
      output: toOutput(result.result, result.isError),
    })),
  }
}

/** The runtime tells doubled ids apart by `~`, which some providers refuse in an id. */
function wireId(providerCallId: string): string {
  return providerCallId.replaceAll('~', '_')
}

function toOutput(result: Json, isError: boolean): LanguageModelV4ToolResultOutput {
  if (typeof result === 'string') return { type: isError ? 'error-text' : 'text', value: result }
  return { type: isError ? 'error-json' : 'json', value: mutable(result) }
}

/** Neither side changes what it is given; only the AI SDK's types do not say so. */
function mutable(value: Json): JSONValue {
  return value as JSONValue
}

function toAssistant(parts: readonly AssistantPart[], results: readonly ToolMessage[]): AssistantContent {
  const content: AssistantContent = []
  let calls = 0
  for (const part of parts) {
    const isCall = part.type === 'call' || part.type === 'invalid_call'
    const answered = isCall ? results[calls]?.providerCallId : undefined
    if (isCall) calls += 1
    content.push(...toContent(part, answered))
  }
  return content
}

function toContent(part: AssistantPart, answeredAs: string | undefined): AssistantContent {
  const options = toOptions(part.providerData)
  switch (part.type) {
    case 'text':
      return part.text === '' && options.providerOptions === undefined
        ? []
        : [{ type: 'text', text: part.text, ...options }]
    case 'reasoning':
      return [{ type: 'reasoning', text: part.text, ...options }]
    case 'call':
    case 'invalid_call': {
      const input = part.type === 'call' ? toInput(part.input) : { unreadableInput: part.inputText }
      const toolCallId = wireId(answeredAs ?? part.providerCallId)
      return [{ type: 'tool-call', toolCallId, toolName: part.tool, input, ...options }]
    }
    case 'other':
      return toOther(part.kind, part.providerData)
  }
}

/** Providers want an object where the model wrote a bare value. */
function toInput(input: Json): Json {
  return isObject(input) ? input : { value: input }
}

/** What the provider did itself, as it came. What a prompt cannot hold (sources, citations, approvals) stays behind. */
function toOther(kind: string, data: Json): AssistantContent {
  if (!isObject(data)) return []
  const options = toOptions(data['providerMetadata'])
  const { toolCallId, toolName } = data
  if (kind === 'tool-call' || kind === 'tool-result') {
    if (typeof toolCallId !== 'string' || typeof toolName !== 'string') return []
    if (kind === 'tool-call') {
      return [
        {
          type: 'tool-call',
          toolCallId,
          toolName,
          input: parsed(data['input']),
          providerExecuted: true,
          ...options,
        },
      ]
    }
    const output = toOutput(data['result'] ?? null, data['isError'] === true)
    return [{ type: 'tool-result', toolCallId, toolName, output, ...options }]
  }
  if (kind === 'file' || kind === 'reasoning-file') return toFile(kind, data, options)
  const isCustom = (word: string): word is `${string}.${string}` => word.includes('.')
  return isCustom(kind) ? [{ type: 'custom', kind, ...options }] : []
}

type Options = { readonly providerOptions?: SharedV4ProviderOptions }
type FileParts = (LanguageModelV4FilePart | LanguageModelV4ReasoningFilePart)[]

function toFile(type: 'file' | 'reasoning-file', { mediaType, data }: JsonObject, options: Options): FileParts {
  if (typeof mediaType !== 'string' || !isObject(data)) return []
  const { data: bytes, url } = data
  if (typeof bytes === 'string') return [{ type, mediaType, data: { type: 'data', data: bytes }, ...options }]
  if (typeof url !== 'string' || !URL.canParse(url)) return []
  return [{ type, mediaType, data: { type: 'url', url: new URL(url) }, ...options }]
}

/** The input of a call that the provider ran stays a text in our log; the prompt wants it as a value. */
function parsed(input: Json | undefined): unknown {
  if (typeof input !== 'string') return input ?? {}
  try {
    return JSON.parse(input)
  } catch {
    return {}
  }
}

function toOptions(providerData: Json | undefined): Options {
  if (providerData === undefined || !isObject(providerData)) return {}
  // Provider data came from this adapter as provider metadata: objects by the provider's name.
  return { providerOptions: providerData as SharedV4ProviderOptions }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
