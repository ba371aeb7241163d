/** The wires that we speak: how each frames its events, where its answer is whole, and the real client that reads it. */
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { Json, JsonObject } from 'pawl/core'

export type Wire = 'openai-chat' | 'openai-responses' | 'anthropic' | 'google' | 'compatible'

/** The provider's own client, as `model(...)` makes it; and OpenAI's for its chat API, for people who bring their own. */
export function clientOf(wire: Wire, baseURL: string): LanguageModelV4 {
  const settings = { apiKey: 'test-key', baseURL }
  switch (wire) {
    case 'openai-chat':
      return createOpenAI(settings).chat('recorded')
    case 'openai-responses':
      return createOpenAI(settings).responses('recorded')
    case 'anthropic':
      return createAnthropic(settings).languageModel('recorded')
    case 'google':
      return createGoogle(settings).languageModel('recorded')
    case 'compatible':
      return createOpenAICompatible({ ...settings, name: 'compatible', includeUsage: true })('recorded')
  }
}

/** Each event as it stood in the stream; a list, so that one can tell where each ends. */
export function frames(wire: Wire, events: readonly string[]): readonly string[] {
  const framed = events.map((text) => frame(wire, text))
  return wire === 'openai-chat' || wire === 'compatible' ? [...framed, 'data: [DONE]\n\n'] : framed
}

function frame(wire: Wire, text: string): string {
  if (wire === 'google') return `data: ${text}\r\n\r\n`
  const type = wire === 'anthropic' || wire === 'openai-responses' ? asObject(parsed(text))['type'] : undefined
  return typeof type === 'string' ? `event: ${type}\ndata: ${text}\n\n` : `data: ${text}\n\n`
}

/** Up to the end of this event nobody can know that the answer is whole. */
export function isTerminal(wire: Wire, text: string): boolean {
  const event = asObject(parsed(text))
  switch (wire) {
    case 'openai-chat':
    case 'compatible':
      return typeof asObject(first(event['choices']))['finish_reason'] === 'string'
    case 'google':
      return typeof asObject(first(event['candidates']))['finishReason'] === 'string'
    case 'anthropic':
      return event['type'] === 'message_stop'
    case 'openai-responses':
      return typeof event['type'] === 'string' && /^response\.(completed|incomplete|failed)$/.test(event['type'])
  }
}

/** Undefined where it is no JSON: some events were recorded because they are not. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An empty object where it is none: recordings are read, not trusted. */
export function asObject(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  // Lists were just ruled out; Array.isArray does not narrow readonly ones.
  return value as JsonObject
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function first(value: Json | undefined): Json | undefined {
  return asList(value)[0]
}
