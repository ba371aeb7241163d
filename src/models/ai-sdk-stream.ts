/** Gathers a stream of the AI SDK into the content that the same answer would have without streaming. */
import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4ReasoningFile,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4Warning,
} from '@ai-sdk/provider'
import { type Model, ModelRequestError } from '../ports/index.ts'

/** What an answer comes to, streamed or not. */
export type Collected = {
  readonly content: readonly (LanguageModelV4Content | LanguageModelV4ReasoningFile)[]
  readonly finishReason: LanguageModelV4FinishReason
  readonly usage: LanguageModelV4Usage
  /** What the provider's client says that it left out or changed. */
  readonly warnings: readonly SharedV4Warning[]
  readonly id?: string | undefined
  readonly modelId?: string | undefined
}

type GenerateOptions = Parameters<Model['generate']>[1]
type Text = Extract<LanguageModelV4Content, { type: 'text' | 'reasoning' }>
type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>

type Gathering = {
  readonly onDelta: GenerateOptions['onDelta']
  readonly content: (LanguageModelV4Content | LanguageModelV4ReasoningFile)[]
  /** Texts that have begun and not ended, by kind and id. */
  readonly texts: Map<string, Text>
  /** Calls whose input has begun, by id; their index is their order. */
  readonly inputs: Map<string, { readonly index: number; readonly tool: string }>
  warnings: readonly SharedV4Warning[]
  characters: number
  finish: Finish | null
  id: string | undefined
  modelId: string | undefined
}

/** Far more than an event holds (1 MiB): what comes over it is refused before memory is gone. */
const MAX_RESPONSE_CHARACTERS = 4_000_000

/**
 * Reads to the end. An error part and a limit throw, and close the connection; a stream that ends without a finish part is
 * `cut_stream`. Aborting ends the reading at once, also where the stream ignores its signal.
 */
export async function collect(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  { signal, onDelta }: GenerateOptions,
): Promise<Collected> {
  const gathering: Gathering = {
    onDelta,
    content: [],
    texts: new Map(),
    inputs: new Map(),
    warnings: [],
    characters: 0,
    finish: null,
    id: undefined,
    modelId: undefined,
  }
  const reader = stream.getReader()
  const close = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', close, { once: true })
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) take(gathering, read.value)
  } catch (error) {
    close()
    throw error
  } finally {
    signal.removeEventListener('abort', close)
  }
  const { content, finish, warnings, id, modelId } = gathering
  if (finish === null) signal.throwIfAborted()
  if (finish === null) throw cutStream()
  return { content, finishReason: finish.finishReason, usage: finish.usage, warnings, id, modelId }
}

export function cutStream(): ModelRequestError {
  return new ModelRequestError('cut_stream', 'the stream ended before the answer was whole', {
    retryable: true,
  })
}

function take(gathering: Gathering, part: LanguageModelV4StreamPart): void {
  switch (part.type) {
    case 'text-start':
    case 'text-delta':
    case 'text-end':
      takeText(gathering, part)
      break
    case 'reasoning-start':
    case 'reasoning-delta':
    case 'reasoning-end':
      takeText(gathering, part)
      break
    case 'tool-input-start':
    case 'tool-input-delta':
      takeInput(gathering, part)
      break
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'custom':
    case 'file':
    case 'reasoning-file':
    case 'source':
      takeWhole(gathering, part)
      break
    case 'stream-start':
      gathering.warnings = part.warnings
      break
    case 'response-metadata':
      gathering.id = part.id ?? gathering.id
      gathering.modelId = part.modelId ?? gathering.modelId
      break
    case 'finish':
      gathering.finish = part
      break
    case 'error':
      throw part.error
    default:
      break
  }
}

type TextPart = Extract<LanguageModelV4StreamPart, { type: `${'text' | 'reasoning'}-${string}`; id: string }>

/** Provider metadata of a part is the last that was sent for it: signatures come at the end. */
function takeText(gathering: Gathering, part: TextPart): void {
  const type = part.type.startsWith('text') ? 'text' : 'reasoning'
  const key = `${type}:${part.id}`
  const begun = part.type.endsWith('-start') ? undefined : gathering.texts.get(key)
  const text = begun ?? begin(gathering, type, key)
  if (part.providerMetadata !== undefined) text.providerMetadata = part.providerMetadata
  if ('delta' in part) {
    count(gathering, part.delta)
    text.text += part.delta
    if (part.delta !== '')
      gathering.onDelta({ type: type === 'text' ? 'text_delta' : 'reasoning_delta', text: part.delta })
  }
  if (part.type === 'text-end' && part.citations !== undefined && text.type === 'text') text.citations = part.citations
  if (part.type.endsWith('-end')) gathering.texts.delete(key)
}

function begin(gathering: Gathering, type: Text['type'], key: string): Text {
  const text: Text = { type, text: '' }
  gathering.content.push(text)
  gathering.texts.set(key, text)
  return text
}

type InputPart = Extract<LanguageModelV4StreamPart, { type: 'tool-input-start' | 'tool-input-delta' }>

function takeInput(gathering: Gathering, part: InputPart): void {
  const { inputs, onDelta } = gathering
  if (part.type === 'tool-input-start') {
    if (part.providerExecuted !== true) inputs.set(part.id, { index: inputs.size, tool: part.toolName })
    return
  }
  count(gathering, part.delta)
  const input = inputs.get(part.id)
  if (input !== undefined && part.delta !== '') onDelta({ type: 'call_delta', ...input, inputText: part.delta })
}

type Whole = Extract<LanguageModelV4StreamPart, LanguageModelV4Content | LanguageModelV4ReasoningFile>

/** A preliminary result is replaced by the next one with its id. */
function takeWhole(gathering: Gathering, part: Whole): void {
  const { content, inputs, onDelta } = gathering
  if (part.type === 'tool-result' && part.preliminary === true) return
  content.push(part)
  if (part.type !== 'tool-call' || part.providerExecuted === true || inputs.has(part.toolCallId)) return
  count(gathering, part.input)
  onDelta({ type: 'call_delta', index: inputs.size, tool: part.toolName, inputText: part.input })
  inputs.set(part.toolCallId, { index: inputs.size, tool: part.toolName })
}

function count(gathering: Gathering, text: string): void {
  gathering.characters += text.length
  if (gathering.characters <= MAX_RESPONSE_CHARACTERS) return
  const message = `expected an answer of at most ${MAX_RESPONSE_CHARACTERS} characters, found more; lower maxOutputTokens`
  throw new ModelRequestError('response_too_large', message, { retryable: false })
}
