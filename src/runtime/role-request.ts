/** One request to a model, as it is put together; and those that are no turn of a task. */
import type { Json, JsonObject, Message, State } from '../core/index.ts'
import { type Model, type ModelOutput, ModelRequestError, type ToolSpec } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { Role } from './define-planning.ts'
import { renderPrompt } from './render.ts'

export type TaskRequest = {
  readonly model: Model
  readonly price: Agent['terms']['price']
  readonly instructions: string
  readonly messages: readonly Message[]
  readonly promptHash: string
  readonly tools: readonly ToolSpec[]
  readonly temperature: number | undefined
  readonly settings: JsonObject | undefined
  readonly output?: ModelOutput
  readonly mustCall?: string
}

/** A function: of the whole result that it is about, which may have to be read first. All else is as it was when it was asked for. */
export type Prepared = TaskRequest | ((output: Json) => TaskRequest)

export type Asked = { readonly contextSeq: number; readonly definitionHash: string }

/** Nobody else is asked in their place: they had instructions and tools of their own. */
export function gone(code: string, message: string): ModelRequestError {
  return new ModelRequestError(code, message, { retryable: false })
}

export type ForRole = { readonly role: Role; readonly asked: Asked }

/** Instructions and one message, without tools. */
export function forRole(
  state: State,
  { role, asked, instructions, text }: ForRole & { readonly instructions: string; readonly text: string },
): TaskRequest {
  const { model, terms, temperature, settings } = role
  const message: Message = { role: 'user', text, trust: 'user' }
  const prompt = renderPrompt(state, { ...asked, only: [message] })
  return { model, price: terms.price, instructions, temperature, settings, tools: [], ...prompt }
}
