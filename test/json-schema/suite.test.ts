import { expect, test } from 'vitest'
import { differs, isReference, refusedBesidesReferences, runSuite } from './suite.ts'

// Draft 2020-12 is the matter of the proof beside this test.
const ran = runSuite('7')

test.skipIf(ran === null)('real input: JSON-Schema-Test-Suite: draft 7 is validated as the suite says', () => {
  expect([...(ran?.wrong.keys() ?? [])]).toEqual(differs['7'])
  expect([...(ran?.refused.keys() ?? [])].filter((name) => !isReference(name))).toEqual(refusedBesidesReferences['7'])
  expect(ran?.passed).toBeGreaterThan(870)
})
