/** The neutral messages that every model adapter speaks. */
import type { Json } from './json.ts'
import type { Trust } from './vocabulary.ts'

/** One part of what a model said. `providerData` is opaque, and goes back to the same provider untouched (thinking signatures). */
export type AssistantPart =
  | { readonly type: 'text'; readonly text: string; readonly providerData?: Json }
  | { readonly type: 'reasoning'; readonly text: string; readonly providerData?: Json }
  | {
      readonly type: 'call'
      readonly providerCallId: string
      readonly tool: string
      readonly input: Json
      readonly providerData?: Json
    }
  | {
      /** A call whose input could not be read as JSON within the limits; the model is told, nothing runs. */
      readonly type: 'invalid_call'
      readonly providerCallId: string
      readonly tool: string
      readonly inputText: string
      readonly problem: string
      readonly providerData?: Json
    }
  | { readonly type: 'other'; readonly kind: string; readonly providerData: Json }

/** Tokens as the provider counts them. `inputTokens` includes `cachedInputTokens`; `outputTokens` includes reasoning. */
export type Usage = {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedInputTokens?: number
  readonly reasoningTokens?: number
}

export type FinishReason = 'stop' | 'length' | 'refusal' | 'tool_calls' | 'error' | 'other'

/** A whole answer of a model. A final answer is one without call parts, whatever `finish` says. */
export type ModelResponse = {
  readonly parts: readonly AssistantPart[]
  readonly finish: FinishReason
  readonly usage: Usage | null
  readonly requestId?: string
  readonly modelId?: string
}

/** What a model is shown. */
export type Message =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly trust: Trust }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | {
      readonly role: 'tool'
      readonly callId: string
      readonly providerCallId: string
      readonly tool: string
      readonly result: Json
      readonly isError: boolean
    }
