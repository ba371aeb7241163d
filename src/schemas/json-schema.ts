import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { JsonObject } from '../core/index.ts'
import { PawlError } from '../ports/index.ts'
import { compile, type Draft, type ValidateFunction } from './ajv.ts'
import { issuesOf } from './issues.ts'
import { mayTakeLong, withinTime } from './within-time.ts'

/** A JSON Schema that cannot be used: it is none, refers to a schema that is not in it, or is of another draft. */
export class InvalidJsonSchemaError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid_json_schema', message, options)
  }
}

export type JsonSchemaOptions = {
  /** What `$schema` says by default, and 2020-12 where it says nothing. */
  readonly draft?: Draft
}

/**
 * Given to `validate`, it tells every issue, and not only the first ten: which of them count can be a question of their paths. Schemas
 * of others take no notice of it.
 */
export const everyIssue: StandardSchemaV1.Options = { libraryOptions: { everyIssue: true } }

/** A schema that validates, and describes itself as it was written. */
export type JsonSchema<Value> = StandardSchemaV1<unknown, Value> & StandardJSONSchemaV1<unknown, Value>

/**
 * A schema for foreign tools: hand-written JSON Schema, draft 2020-12 or 7. A tool of your own is better off with zod, which gives
 * types. `Value` is what you say it is. `format` is not checked, and `$ref` reaches only what is inside the schema. Values are
 * never changed: defaults stay annotations.
 * @throws InvalidJsonSchemaError if the schema could not be used.
 */
export function jsonSchema<Value = unknown>(schema: JsonObject, options: JsonSchemaOptions = {}): JsonSchema<Value> {
  const draft = options.draft ?? draftOf(schema)
  // What is described is a copy: nobody can change a schema after it was checked.
  const text = JSON.stringify({ $schema: dialects[draft], ...schema })
  const check = compiled(JSON.parse(text), draft)
  const validate = mayTakeLong(text) ? withinTime(check) : check
  const describe = ({ target }: { readonly target: string }): Record<string, unknown> => {
    if (target === targets[draft]) return JSON.parse(text)
    throw new InvalidJsonSchemaError(
      `expected the target ${targets[draft]}, which this schema is written in; found ${target}`,
    )
  }
  return {
    '~standard': {
      version: 1,
      vendor: 'pawl',
      validate: (value, asked) =>
        validated<Value>(validate, value, { isEvery: asked?.libraryOptions?.['everyIssue'] === true }),
      jsonSchema: { input: describe, output: describe },
    },
  }
}

/** A schema that refers to itself without an end answers with an issue, as a value that does not fit does. */
function validated<Value>(
  validate: Pick<ValidateFunction, 'errors'> & ((value: unknown) => boolean),
  value: unknown,
  told: { readonly isEvery: boolean },
): StandardSchemaV1.Result<Value> {
  try {
    // The validator has just said that the value is what the schema describes.
    return validate(value) ? { value: value as Value } : { issues: issuesOf(validate.errors ?? [], value, told) }
  } catch (error) {
    return {
      issues: [{ message: `could not be checked: ${error instanceof Error ? error.message : String(error)}` }],
    }
  }
}

const targets = { '2020-12': 'draft-2020-12', '7': 'draft-07' } as const
const dialects = {
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
  '7': 'http://json-schema.org/draft-07/schema#',
} as const

function draftOf({ $schema }: JsonObject): Draft {
  if ($schema === undefined) return '2020-12'
  const name = String($schema)
    .replace(/#$/, '')
    .replace(/^https?:/, '')
  if (name === '//json-schema.org/draft/2020-12/schema') return '2020-12'
  if (name === '//json-schema.org/draft-07/schema') return '7'
  throw new InvalidJsonSchemaError(`expected a schema of draft 2020-12 or 7, found $schema ${JSON.stringify($schema)}`)
}

function compiled(schema: object, draft: Draft): ValidateFunction {
  try {
    // ajv follows some of these to the wrong place: refusing says so.
    if (hasKey(schema, '$dynamicRef')) throw new Error('$dynamicRef is not supported, use $ref')
    const validate = compile(schema, draft)
    if (!('$async' in validate)) return validate
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InvalidJsonSchemaError(`expected a JSON Schema of draft ${draft}, found a defect: ${why}`, {
      cause: error,
    })
  }
  throw new InvalidJsonSchemaError('expected a schema that answers at once, found $async: leave it out')
}

function hasKey(schema: object, key: string): boolean {
  return (
    Object.hasOwn(schema, key) ||
    Object.values(schema).some((part) => typeof part === 'object' && part !== null && hasKey(part, key))
  )
}
