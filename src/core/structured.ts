/** The border for answers to a schema (plans, routes): what a model said becomes one JSON value, or a problem in words. */
import type { BorderLimits } from './border.ts'
import { parseJson, utf8Bytes } from './border.ts'
import { quotedAs } from './border-rules.ts'
import type { Json } from './json.ts'
import { jsonPieces } from './json-pieces.ts'
import type { AssistantPart, ModelResponse } from './message.ts'

/**
 * Why an answer is no value. `cut`: the provider says that it is not whole. `empty`: no text. `refusal`: the provider says that the
 * model refused. `calls`: it called something instead. `unparsable`: everything else, also a text that ends within its value.
 */
export type StructuredProblem = 'cut' | 'empty' | 'unparsable' | 'refusal' | 'calls'

export type Structured =
  | { readonly type: 'value'; readonly value: Json }
  /** `message` is a sentence for the model that is asked again: what was expected, and what was found. */
  | { readonly type: 'problem'; readonly code: StructuredProblem; readonly message: string }

/**
 * The one JSON value that the answer's text is: alone, in a fenced block, or as an object or array with a text in it that words stand
 * around. Two values are none, for nobody knows which of them is meant; nor is the inner part of a value that is broken or cut.
 * `limits` hold for the whole text. What the value has to look like is for its schema to say. Takes time in proportion to the text;
 * never throws.
 */
export function readStructured(response: ModelResponse, limits: BorderLimits): Structured {
  const { parts, finish } = response
  if (finish === 'refusal') return problem('refusal', 'the model refused to answer')
  if (finish === 'length') return problem('cut', 'the output limit cut the answer off: make it shorter')
  if (finish === 'error') return problem('cut', 'the answer ended with an error before it was whole')
  const call = parts.find(isCall)
  if (call !== undefined)
    return problem('calls', `expected the answer as text, found a call of ${quotedAs('tool name', call.tool)}`)
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return readText(text, limits)
}

function readText(text: string, limits: BorderLimits): Structured {
  const { maxBytes } = limits
  const bytes = text.length > maxBytes ? text.length : utf8Bytes(text)
  if (bytes > maxBytes)
    return problem('unparsable', `expected an answer of at most ${maxBytes} bytes, found at least ${bytes}`)
  const bare = text.trim()
  if (bare === '') return problem('empty', 'expected one JSON value, found an answer without text')
  const whole = parseJson(bare, limits)
  if (whole.type === 'ok') return { type: 'value', value: whole.value }
  const [piece, second] = jsonPieces(bare)
  if (piece === undefined)
    return problem('unparsable', `expected one JSON value, found none in ${quotedAs('text', bare)}`)
  const read = parseJson(piece, limits)
  if (read.type === 'problem')
    return problem('unparsable', `expected one JSON value, found one that cannot be read: ${read.problem}`)
  if (second === undefined) return { type: 'value', value: read.value }
  return problem(
    'unparsable',
    `expected one JSON value and nothing else, found another piece: ${quotedAs('text', second)}`,
  )
}

type Call = Extract<AssistantPart, { type: 'call' | 'invalid_call' }>

function isCall(part: AssistantPart): part is Call {
  return part.type === 'call' || part.type === 'invalid_call'
}

function problem(code: StructuredProblem, message: string): Structured {
  return { type: 'problem', code, message }
}
