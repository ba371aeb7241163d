import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Json, maskSensitive, sensitiveShape } from '../core/index.ts'
import { putBack } from './put-back.ts'
import { createRedactor } from './redact.ts'

const TOKEN = `ghp_${'a1B2'.repeat(9)}`
const redactor = createRedactor({ finder: null })

/** Some fields are sensitive, some texts hold a credential, and some hold marks that stood there from the first. */
const text = fc.constantFrom('x', `use ${TOKEN}`, TOKEN, '[redacted:sensitive]', 'saw [redacted:KEY]', '***')
const { input: inputs } = fc.letrec<{ input: Json }>((tie) => ({
  input: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('input'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('card', 'note', 'a/b', '~'), tie('input')),
  ),
}))
const pointers = fc.subarray(['', '/card', '/*/card', '/note/*', '/a~1b', '/~0'])

function shownOf(own: Json, sensitive: readonly string[]): Json {
  const shape = sensitiveShape(null, sensitive)
  return redactor.json(shape === null ? own : maskSensitive(own, shape))
}

test('what is left as it was shown is what it was, whatever was hidden', () => {
  fc.assert(
    fc.property(inputs, pointers, (own, sensitive) => {
      expect(putBack(shownOf(own, sensitive), { own, shown: shownOf(own, sensitive) })).toEqual({
        input: own,
        left: [],
      })
    }),
  )
})

test('what is made of another input’s view runs with no mark of it: each is told by its pointer', () => {
  const marksIn = (input: Json) => JSON.stringify(input).split('[redacted:').length - 1
  fc.assert(
    fc.property(inputs, inputs, pointers, (own, other, sensitive) => {
      const edited = shownOf(other, sensitive)
      const { input, left } = putBack(edited, { own, shown: shownOf(own, sensitive) })
      expect(marksIn(input) <= marksIn(own) || left.length > 0).toBe(true)
    }),
  )
})
