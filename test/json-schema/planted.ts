/** Validators that the comparison with the suite must notice. */
import { InvalidJsonSchemaError, jsonSchema } from '../../src/tools/index.ts'
import type { Make } from './suite.ts'

/** `caughtBy`: the complaint that must notice it. */
export type Planted = { readonly bug: string; readonly caughtBy: RegExp; readonly make: Make }

function validating(validate: (value: unknown, isValid: boolean) => boolean): Make {
  return (schema, options) => {
    const made = jsonSchema(schema, options)
    const standard = made['~standard']
    const changed = (value: unknown) =>
      validate(value, !('issues' in standard.validate(value))) ? { value } : { issues: [{ message: 'no' }] }
    return { '~standard': { ...standard, validate: changed } }
  }
}

export const planted: readonly Planted[] = [
  {
    bug: 'a validator that always says yes',
    caughtBy: /^answers otherwise, and is not on the list: /,
    make: validating(() => true),
  },
  {
    bug: 'a validator that takes null for anything',
    caughtBy: /^answers otherwise, and is not on the list: type: /,
    make: validating((value, isValid) => value === null || isValid),
  },
  {
    bug: 'a reader of schemas that knows no $defs',
    caughtBy: /^is refused, and is not on the list: /,
    make: (schema, options) => {
      if (Object.hasOwn(schema, '$defs')) throw new InvalidJsonSchemaError('expected no $defs')
      return jsonSchema(schema, options)
    },
  },
]
