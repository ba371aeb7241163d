/**
 * Puts the events of a recorded stream together into the answer that the provider would have given without streaming: a twin
 * of the very same answer, made here without the clients that read the stream.
 */
import type { Json, JsonObject } from 'pawl/core'
import { asList, asObject, parsed, type Wire } from './wires.ts'

type Loose = { [key: string]: Json }

export function assemble(wire: Wire, texts: readonly string[]): Json {
  const events = texts.map((text) => asObject(parsed(text)))
  switch (wire) {
    case 'openai-chat':
    case 'compatible':
      return assembleChat(events)
    case 'openai-responses':
      return assembleResponses(events)
    case 'anthropic':
      return assembleAnthropic(events)
    case 'google':
      return assembleGoogle(events)
  }
}

function assembleChat(events: readonly JsonObject[]): Json {
  const answer: Loose = {}
  const message: Loose = { role: 'assistant', content: null }
  const calls: Loose[] = []
  let finish: Json = null
  for (const event of events) {
    const { choices, ...rest } = event
    for (const [key, value] of Object.entries(rest)) if (value !== null && value !== '') answer[key] ??= value
    if (rest['usage'] !== undefined && rest['usage'] !== null) answer['usage'] = rest['usage']
    const choice = asObject(asList(choices)[0])
    finish = choice['finish_reason'] ?? finish
    const delta = asObject(choice['delta'])
    for (const key of ['content', 'reasoning_content', 'reasoning', 'refusal']) append(message, key, delta[key])
    for (const call of asList(delta['tool_calls']).map(asObject)) addCall(calls, call)
  }
  if (calls.length > 0) message['tool_calls'] = calls
  return { ...answer, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }] }
}

function append(message: Loose, key: string, piece: Json | undefined): void {
  const before = message[key] ?? null
  if (piece === undefined || piece === null) return
  if (typeof piece === 'string' && (typeof before === 'string' || before === null))
    message[key] = (before ?? '') + piece
  else message[key] = contentOf(piece).reduce<readonly Json[]>(withThought, contentOf(before))
}

/** Mistral's pieces of one thought are one thought. */
function withThought(content: readonly Json[], piece: Json): readonly Json[] {
  const [before, after] = [asObject(content.at(-1)), asObject(piece)]
  if (before['type'] !== 'thinking' || after['type'] !== 'thinking') return [...content, piece]
  const text = [before, after].flatMap(({ thinking }) => asList(thinking).map((one) => asObject(one)['text'])).join('')
  return [...content.slice(0, -1), { type: 'thinking', thinking: [{ type: 'text', text }] }]
}

function contentOf(content: Json): readonly Json[] {
  if (content === null || content === '') return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asList(content)
}

function addCall(calls: Loose[], delta: JsonObject): void {
  const index = typeof delta['index'] === 'number' ? delta['index'] : calls.length
  const call: Loose = calls[index] ?? { type: 'function', function: { name: '', arguments: '' } }
  calls[index] = call
  const before = asObject(call['function'])
  const after = asObject(delta['function'])
  call['id'] ??= delta['id'] ?? ''
  call['function'] = {
    name: String(before['name'] || (after['name'] ?? '')),
    arguments: `${before['arguments']}${after['arguments'] ?? ''}`,
  }
}

/** The last event holds the answer; where its output was left out, it stands in the items that were done. */
function assembleResponses(events: readonly JsonObject[]): Json {
  const response = asObject(events.findLast(({ response }) => response !== undefined)?.['response'])
  if (asList(response['output']).length > 0) return response
  const done = events.filter(({ type }) => type === 'response.output_item.done')
  const items = done.toSorted((one, other) => Number(one['output_index']) - Number(other['output_index']))
  return { ...response, output: items.map(({ item }) => item ?? null) }
}

function assembleAnthropic(events: readonly JsonObject[]): Json {
  let message: JsonObject = {}
  const blocks: Loose[] = []
  for (const event of events) {
    const index = Number(event['index'] ?? 0)
    if (event['type'] === 'message_start' && message['id'] === undefined) message = asObject(event['message'])
    if (event['type'] === 'content_block_start') blocks[index] = { ...asObject(event['content_block']) }
    if (event['type'] === 'content_block_delta') addToBlock(blocks[index] ?? {}, asObject(event['delta']))
    if (event['type'] !== 'message_delta') continue
    const { usage, type: _, delta, ...rest } = event
    message = {
      ...message,
      ...rest,
      ...asObject(delta),
      usage: { ...asObject(message['usage']), ...asObject(usage) },
    }
  }
  return { ...message, content: [...asList(message['content']), ...blocks.map(withInput)] }
}

function addToBlock(block: Loose, delta: JsonObject): void {
  const { type, ...rest } = delta
  for (const [key, value] of Object.entries(rest)) {
    if (type === 'citations_delta') block['citations'] = [...asList(block['citations']), value]
    else if (typeof value === 'string') block[key] = `${block[key] ?? ''}${value}`
    else block[key] = value
  }
}

function withInput({ partial_json: text, ...block }: Loose): Json {
  return typeof text === 'string' && text !== '' ? { ...block, input: parsed(text) ?? {} } : block
}

/** All chunks are pieces of one answer; texts that follow each other are one text. */
function assembleGoogle(events: readonly JsonObject[]): Json {
  const parts: Loose[] = []
  let candidate: JsonObject = {}
  let answer: JsonObject = {}
  for (const event of events) {
    const { candidates, ...rest } = event
    const found = asObject(asList(candidates)[0])
    answer = { ...answer, ...rest }
    candidate = { ...candidate, ...found }
    for (const part of asList(asObject(found['content'])['parts']).map(asObject)) addPart(parts, part)
  }
  return { ...answer, candidates: [{ ...candidate, content: { role: 'model', parts } }] }
}

function addPart(parts: Loose[], part: JsonObject): void {
  const before = parts.at(-1)
  const isText = typeof part['text'] === 'string' && typeof before?.['text'] === 'string'
  if (before === undefined || !isText || before['thought'] !== part['thought']) parts.push({ ...part })
  else Object.assign(before, part, { text: `${before['text']}${part['text']}` })
}
