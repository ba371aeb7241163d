/** Options are checked by name, too: plain JavaScript, and TypeScript whose types were only stripped, say nothing of a misspelt one. */
import { didYouMean } from '../core/index.ts'

/** Every field of a type, so that a new one cannot be forgotten. */
export type Fields<Options> = { readonly [Field in keyof Required<Options>]: true }

/** A sentence about the first field that is none; null: there is none such. */
export function unknownField<Options extends object>(options: Options, fields: Fields<Options>): string | null {
  const field = Object.keys(options).find((key) => !Object.hasOwn(fields, key))
  if (field === undefined) return null
  const known = Object.keys(fields)
  return `${JSON.stringify(field)} is no option.${didYouMean(field, known)} There are ${known.join(', ')}`
}
