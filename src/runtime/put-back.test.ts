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

test('in a list where each says who it is, nobody gets the hidden value of another, however the list was changed', () => {
  const people = ['ada', 'bo', 'cy', 'dee']
  const payeeOf = (to: string) => ({ to, iban: `IBAN-OF-${to}`, usd: 1 })
  const sensitive = ['/payees/*/iban']
  const lists = fc.shuffledSubarray(people, { minLength: 1 })
  const changes = fc.array(fc.tuple(fc.constantFrom(...people), fc.integer({ min: 0, max: 4 })), { maxLength: 3 })
  let kept = 0
  fc.assert(
    fc.property(lists, lists, fc.boolean(), changes, (before, after, isReordered, amounts) => {
      const own = { payees: before.map(payeeOf) }
      const shown = shownOf(own, sensitive)
      const order = isReordered ? after : before
      // Whoever was shown has the mark; who is new has a value that was written by hand.
      const edited = order.map((to) => {
        const known = before.includes(to) ? { ...payeeOf(to), iban: '[redacted:sensitive]' } : payeeOf(to)
        const [, usd = 1] = amounts.find(([who]) => who === to) ?? []
        return { ...known, usd }
      })
      const { input, left } = putBack({ payees: edited }, { own, shown })
      if (left.length > 0) return
      kept += 1
      expect(input).toEqual({ payees: edited.map((item) => ({ ...item, iban: `IBAN-OF-${item.to}` })) })
    }),
    { numRuns: 2_000 },
  )
  expect(kept).toBeGreaterThan(100)
})
