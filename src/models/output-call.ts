/** A model that was asked for a value, and answers with a call by the name of it, has answered. */
import type { AssistantPart, ModelResponse } from '../core/index.ts'
import type { Model, ModelRequest } from '../ports/index.ts'

type OnDelta = Parameters<Model['generate']>[1]['onDelta']

/** The response with the inputs of such calls as text. Where no call is left, it has not ended for one. */
export function callAsAnswer(request: ModelRequest, response: ModelResponse): ModelResponse {
  const name = nameOf(request)
  if (name === null || !response.parts.some((part) => isCallOf(part, name))) return response
  const parts = response.parts.map((part, index, all) => {
    if (!isCallOf(part, name)) return part
    return toText(part, all.slice(0, index).some(({ type }) => type === 'text') ? '\n' : '')
  })
  const hasCalls = parts.some(({ type }) => type === 'call' || type === 'invalid_call')
  return { ...response, parts, finish: response.finish === 'tool_calls' && !hasCalls ? 'stop' : response.finish }
}

/** The same for what arrives before. */
export function deltasAsAnswer(request: ModelRequest, onDelta: OnDelta): OnDelta {
  const name = nameOf(request)
  if (name === null) return onDelta
  return (delta) => {
    const isAnswer = delta.type === 'call_delta' && delta.tool === name
    onDelta(isAnswer ? { type: 'text_delta', text: delta.inputText } : delta)
  }
}

/** Null where nothing can be meant but a tool. */
function nameOf({ output, tools }: ModelRequest): string | null {
  if (output === undefined || tools.some(({ name }) => name === output.name)) return null
  return output.name
}

type Call = Extract<AssistantPart, { type: 'call' | 'invalid_call' }>

function isCallOf(part: AssistantPart, name: string): part is Call {
  return (part.type === 'call' || part.type === 'invalid_call') && part.tool === name
}

/** On a line of its own, where words come before it. */
function toText(call: Call, before: string): AssistantPart {
  return { type: 'text', text: before + (call.type === 'call' ? JSON.stringify(call.input) : call.inputText) }
}
