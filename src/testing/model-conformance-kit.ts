/** What the cases of model-conformance.ts are made of. */
import type { Message, ModelResponse } from '../core/index.ts'
import type { Model, ModelDelta, ModelOutput, ModelRequest } from '../ports/index.ts'

/** What the provider behind the adapter does with one request. */
export type ProviderAnswer =
  | { readonly type: 'answer'; readonly response: ModelResponse }
  | { readonly type: 'status'; readonly status: number; readonly retryAfterMs?: number }
  /** The answer's first words, then the end of the connection. */
  | { readonly type: 'cut' }
  /** Nothing, ever. */
  | { readonly type: 'hang' }

/** An adapter in front of a provider that gives these answers, one a request. */
export type OpenModel = {
  readonly model: Model
  /** What the provider was sent, request by request, as neutral messages; the system text first, if any. */
  readonly sent: () => readonly (readonly Message[])[]
  /** The value that the provider was asked for beside its messages, request by request; null: none. */
  readonly sentOutputs: () => readonly (ModelOutput | null)[]
  readonly close: () => Promise<void>
}

export interface ModelHarness {
  /** False where nothing is sent: scripts and recordings. What is said of prompts is then not asked. */
  readonly sendsPrompts: boolean
  open(answers: readonly ProviderAnswer[]): Promise<OpenModel>
}

export type ModelCase = {
  readonly name: string
  readonly needsPrompts?: true
  readonly answers: readonly ProviderAnswer[]
  readonly run: (open: OpenModel) => Promise<void>
}

/** A request for turn `turn` of a conversation. */
export function requestOf(messages: readonly Message[], turn = 1): ModelRequest {
  return {
    instructions: 'Answer in one word.',
    messages,
    tools: [{ name: 'look', description: 'Looks something up.', inputSchema: { type: 'object', properties: {} } }],
    maxOutputTokens: 100,
    sessionId: 'conformance',
    turn,
    attempt: 1,
  }
}

/** Asks without an abort; gives the answer and its deltas. */
export async function ask(
  model: Model,
  request: ModelRequest,
): Promise<{ readonly response: ModelResponse; readonly deltas: readonly ModelDelta[] }> {
  const deltas: ModelDelta[] = []
  const signal = new AbortController().signal
  const response = await model.generate(request, { signal, onDelta: (delta) => deltas.push(delta) })
  return { response, deltas }
}

export const question: Message = { role: 'user', text: 'Where is it?', trust: 'user' }
