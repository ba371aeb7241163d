/** How a provider is asked for one JSON value, and what its client says of it. */
import type { JSONSchema7, LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import { admit } from '../core/border.ts'
import type { AssistantPart, JsonObject } from '../core/index.ts'
import type { ModelOutput, ModelRequest } from '../ports/index.ts'

type ResponseFormat = NonNullable<LanguageModelV4CallOptions['responseFormat']>
type Asked = { readonly responseFormat: ResponseFormat | undefined; readonly looseSettings: JsonObject }

/**
 * OpenAI's strict mode, which its clients switch on, refuses every schema with an optional field (400). Off, the schema still guides
 * the model, and whoever asked checks the value. Providers read only the settings under their own name.
 */
const loose: JsonObject = { strictJsonSchema: false }
const LOOSE_SETTINGS: JsonObject = { providerOptions: { openai: loose, azure: loose, openaiCompatible: loose } }

/** The settings are defaults: those of the adapter and of the request come before them. */
export function toResponseFormat(output: ModelOutput | undefined): Asked {
  if (output === undefined) return { responseFormat: undefined, looseSettings: {} }
  const { name, description } = output
  // A JSON object that is a schema; the provider's client looks at it no further than we do.
  const schema = output.schema as JSONSchema7
  const responseFormat: ResponseFormat = {
    type: 'json',
    name,
    ...(description !== undefined && { description }),
    schema,
  }
  return { responseFormat, looseSettings: LOOSE_SETTINGS }
}

/** The same request, where nothing but words can ask for the value. */
export function withOutputInWords(request: ModelRequest): ModelRequest {
  const { output, ...rest } = request
  if (output === undefined) return request
  const { name, description, schema } = output
  const what = description === undefined ? name : `${name} (${description})`
  const words = `Answer with one JSON value and nothing else: no words around it, no Markdown. It is called ${what}, and has to be valid by this JSON Schema:\n${JSON.stringify(schema)}`
  return { ...rest, instructions: [request.instructions, words].filter((text) => text !== '').join('\n\n') }
}

const MAX_WARNINGS = 20
const WARNING_LIMITS = { maxDepth: 4, maxBytes: 16_384 }

/** For whoever wonders why an answer does not keep to its schema; no model is shown it. */
export function warningsOf(warnings: readonly SharedV4Warning[]): readonly AssistantPart[] {
  const told = warnings.filter(({ type }) => type === 'unsupported' || type === 'compatibility').slice(0, MAX_WARNINGS)
  if (told.length === 0) return []
  const admitted = admit(told, WARNING_LIMITS, 'repair')
  const providerData = admitted.type === 'ok' ? admitted.value : { dropped: admitted.problem }
  return [{ type: 'other', kind: 'warnings', providerData }]
}
