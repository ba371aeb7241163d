import type { Json } from 'pawl/core'
import { entryOf, isJsonObject } from '../json.ts'
import type { RetailDb } from './retail-db.ts'

/**
 * A tool of the retail world: synchronous and without effects outside `db`, in which a write replaces records. Its
 * output is the original text: JSON, a bare id or sentence, or "Error: ...", and after an error `db` is as it was.
 */
export type RetailTool = {
  readonly name: string
  readonly writes: boolean
  readonly run: (db: RetailDb, input: Json) => string
}

/** What an input's field must be: a string, or an array of strings. This world needs no other. */
type FieldKind = 'text' | 'texts'
type Fields = Readonly<Record<string, FieldKind>>
type InputOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends 'texts' ? readonly string[] : string
}

type Definition<F extends Fields> = {
  readonly name: string
  readonly writes: boolean
  readonly fields: F
  readonly run: (db: RetailDb, input: InputOf<F>) => string
}

/** Makes a tool whose `run` gets only inputs that have all `fields`; for others it gives "Error: <field> must be ...". */
export function retailTool<const F extends Fields>(definition: Definition<F>): RetailTool {
  const { name, writes, fields, run } = definition
  return {
    name,
    writes,
    run: (db, input) => {
      const problem = Object.entries(fields)
        .map(([field, kind]) => fieldProblem(input, field, kind))
        .find(Boolean)
      // The line above has found every field, each of its kind.
      return problem ?? run(db, input as InputOf<F>)
    },
  }
}

function fieldProblem(input: Json, field: string, kind: FieldKind): string | undefined {
  const value = isJsonObject(input) ? entryOf(input, field) : undefined
  if (kind === 'text') return typeof value === 'string' ? undefined : `Error: ${field} must be a string`
  const isTexts = Array.isArray(value) && value.every((element) => typeof element === 'string')
  return isTexts ? undefined : `Error: ${field} must be an array of strings`
}
