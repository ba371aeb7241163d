import type { Json, JsonObject } from '../core/index.ts'
import { PawlError } from './errors.ts'
import type { Schema } from './schema.ts'

/** A schema that no model could be shown, or whose values would not be what the log holds. */
export class UndescribableSchemaError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('undescribable_schema', message, options)
  }
}

/**
 * The JSON Schema of what the schema takes in: draft 2020-12, or 7 where the library has only that.
 *
 * A schema that turns its input into something else is refused, since what is judged, approved and hashed has to be what runs,
 * and it is validated more than once. That is seen where the two sides are described differently; a `preprocess` that hides it
 * stays the author's word.
 * @throws UndescribableSchemaError for dates, transforms, codecs, and libraries without Standard JSON Schema.
 */
export function describeSchema(schema: Schema): JsonObject {
  const convert = converterOf(schema)
  const target = targets.find((each) => isDescribed(convert, each)) ?? targets[0]
  const input = described(convert, 'input', target)
  const output = described(convert, 'output', target)
  if (shapeOf(input) === shapeOf(output)) return input
  throw new UndescribableSchemaError(
    'expected a schema whose values are what it takes in, found one that changes them (a transform or a codec): take the plain value, and convert it inside the tool',
  )
}

const targets = ['draft-2020-12', 'draft-07'] as const

type Converter = { readonly [side in 'input' | 'output']: (options: { readonly target: string }) => unknown }

function converterOf(schema: Schema): Converter {
  // Standard JSON Schema is a second interface over the same `~standard`; what is there is checked before it is called.
  const standard = schema?.['~standard'] as { readonly vendor?: unknown; readonly jsonSchema?: Converter } | undefined
  const converter = standard?.jsonSchema
  if (typeof converter?.input === 'function' && typeof converter.output === 'function') return converter
  const found = standard === undefined ? 'no Standard Schema' : `one of ${String(standard.vendor)} without it`
  throw new UndescribableSchemaError(
    `expected a schema that describes itself (~standard.jsonSchema), found ${found}: use zod 4, or jsonSchema({...}) of pawl/tools`,
  )
}

function isDescribed(convert: Converter, target: string): boolean {
  try {
    return isRecord(convert.input({ target }))
  } catch {
    return false
  }
}

function described(convert: Converter, side: 'input' | 'output', target: string): JsonObject {
  try {
    // A copy without what a library hangs on its answer, such as hidden members.
    const copy: unknown = JSON.parse(JSON.stringify(convert[side]({ target })))
    if (isRecord(copy)) return copy
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UndescribableSchemaError(
      `expected a schema that JSON Schema can describe, found one whose ${side} it cannot (${why}): take text or numbers, and convert them inside the tool`,
      { cause: error },
    )
  }
  throw new UndescribableSchemaError(`expected the ${side} to be described by an object, found something else`)
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The schema without what a default changes: what may be left out, and whether more may be there. Keys in one order. */
function shapeOf(schema: Json): string {
  return JSON.stringify(schema, (key, value: Json) => {
    if (changedByDefaults.has(key)) return undefined
    if (!isRecord(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

const changedByDefaults: ReadonlySet<string> = new Set(['default', 'required', 'additionalProperties', 'minItems'])
