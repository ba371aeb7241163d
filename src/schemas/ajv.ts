/** ajv, loaded when the first schema needs it: it takes as long to load as everything else together. */
import { createRequire } from 'node:module'
import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js'

export type Draft = '2020-12' | '7'
export type { ErrorObject, ValidateFunction }

/**
 * The validator of a schema. Formats and keywords that ajv does not know are annotations, as in JSON Schema itself. Each schema
 * has an instance of its own: two foreign schemas may carry the same `$id`.
 * @throws Error if the schema is none, or refers to one that is not in it.
 */
export function compile(schema: object, draft: Draft): ValidateFunction {
  const checker = checkerOf(draft)
  if (!checker.validateSchema(schema)) throw new Error(checker.errorsText(checker.errors, { dataVar: 'schema' }))
  return create(draft).compile(schema)
}

const checkers = new Map<Draft, Ajv2020>()

/** Checks schemas against the draft's own: compiled once. */
function checkerOf(draft: Draft): Ajv2020 {
  const checker = checkers.get(draft) ?? create(draft)
  checkers.set(draft, checker)
  return checker
}

function create(draft: Draft): Ajv2020 {
  const load = createRequire(import.meta.url)
  // What ajv exports under these names; both drafts share the base class whose members are used here.
  const drafts = { '2020-12': () => load('ajv/dist/2020.js').Ajv2020, '7': () => load('ajv').Ajv } as const
  const Ajv: new (options: Options) => Ajv2020 = drafts[draft]()
  return new Ajv(options)
}

const options: Options = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  /** A field that an object only inherits, such as `toString`, is not there. */
  ownProperties: true,
  /** Everything that is wrong is said at once, so that a model can mend it at once. */
  allErrors: true,
  verbose: true,
  logger: false,
}
