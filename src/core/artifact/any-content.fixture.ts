/** Values for property tests: odd keys, texts of all kinds of letters, wide, long and deep ones. */
import fc from 'fast-check'
import type { Json } from '../json.ts'

const letters = fc.constantFrom('a', 'é', '€', '😀', '東', '\n', '"', '\\', '\u0001', ' ', '/', '~', '…')
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: letters, maxLength: 40 }),
  fc
    .tuple(fc.string({ unit: letters, minLength: 1, maxLength: 5 }), fc.nat(700))
    .map(([text, times]) => text.repeat(times)),
)
/** Not those that no log can hold. */
const anyKey = fc
  .oneof(
    fc.string({ unit: letters, maxLength: 8 }),
    anyText,
    fc.constantFrom('rows', 'id', '0', '', 'a/b', 'm~n', 'toString'),
  )
  .filter((key) => key !== '__proto__')

const leaf = fc.oneof(
  anyText,
  fc.integer(),
  // No log has a negative zero: JSON writes none.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.boolean(),
  fc.constant(null),
)

/** Any JSON value whose texts are well-formed. */
export const anyContent: fc.Arbitrary<Json> = fc.letrec<{ value: Json; rows: readonly Json[] }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('rows'),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 12 }),
  ),
  rows: fc.oneof(
    fc.array(tie('value'), { maxLength: 12 }),
    fc.tuple(leaf, leaf, fc.nat(200)).map(([id, name, times]) => Array.from({ length: times }, () => ({ id, name }))),
  ),
})).value

export function nested(depth: number): Json {
  let value: Json = 'core'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { in: value }
  return value
}
