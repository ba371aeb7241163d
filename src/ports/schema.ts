import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { JsonObject } from '../core/index.ts'

/**
 * A schema that validates and that can be described: any Standard Schema with `~standard.jsonSchema` (zod 4 has it), or
 * `jsonSchema({...})` of `pawl/tools` for hand-written JSON Schema. One that cannot be described (dates, transforms) is refused
 * when its tool is registered.
 */
export type Schema<Value = unknown> = StandardSchemaV1<unknown, Value>

/** The value that a schema promises after validation. */
export type ValueOf<S> = S extends StandardSchemaV1<unknown, infer Value> ? Value : never

/** A schema's description, found under `~standard.jsonSchema` of the Standard JSON Schema convention. */
export type DescribesInput = {
  readonly '~standard': {
    readonly jsonSchema: { readonly input: (options: { readonly target: string }) => JsonObject }
  }
}
