/** A schema of the user's, asked: whatever it does, its answer is one of two things, or it throws. */
import { previewOf, storable } from '../core/index.ts'
import type { Schema } from '../ports/index.ts'
import { isThenable } from './policy-check.ts'

export type Validated =
  | { readonly type: 'valid'; readonly value: unknown }
  | { readonly type: 'invalid'; readonly message: string }

/** Answers at once where the schema does. Throws, or rejects, where it fails or answers with what is no result. */
export function validate(schema: Schema, value: unknown): Validated | Promise<Validated> {
  const result = schema['~standard'].validate(value)
  return isThenable(result) ? Promise.resolve(result).then(asValidated) : asValidated(result)
}

type SchemaResult = Awaited<ReturnType<Schema['~standard']['validate']>>

function asValidated(result: SchemaResult): Validated {
  if (result.issues === undefined) {
    if (!('value' in result)) throw new TypeError('its schema answered with neither a value nor issues')
    return { type: 'valid', value: result.value }
  }
  const sentences = result.issues.slice(0, 8).map(({ message, path }) => {
    const where = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return issueText(where === '' ? message : `${where}: ${message}`)
  })
  return { type: 'invalid', message: `the input does not fit the tool's schema: ${sentences.join('; ')}` }
}

const MAX_ISSUE_CHARACTERS = 1_000

/** A schema may quote what it was given: all of it, or half of a character. */
export function issueText(text: string): string {
  return storable(previewOf(text, MAX_ISSUE_CHARACTERS))
}
