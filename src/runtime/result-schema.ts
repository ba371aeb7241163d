/** Whether a result is one that a schema of its plan takes. */
import type { Json, JsonObject } from '../core/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import type { Redactor } from './redact.ts'
import { tellingOf } from './sensitive-tool.ts'
import { validate } from './validate.ts'

/** Null: it is; else what is wrong with it. A schema that is none takes nothing. */
export async function resultSchema(
  schema: JsonObject,
  value: Json,
  cleaner: Pick<Redactor, 'text' | 'json'>,
): Promise<string | null> {
  const checked = await validate(jsonSchema(schema), value, () => tellingOf([], value, cleaner))
  return checked.type === 'valid' ? null : checked.message
}
