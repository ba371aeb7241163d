import { describe, expect, test } from 'vitest'
import { differs, isReference, refusedBesidesReferences, runSuite } from './suite.ts'

describe.each([
  ['2020-12', 1_100],
  ['7', 870],
] as const)('draft %s', (draft, atLeast) => {
  const ran = runSuite(draft)
  test.skipIf(ran === null)(`real input: JSON-Schema-Test-Suite: draft ${draft} is validated as the suite says`, () => {
    expect([...(ran?.wrong.keys() ?? [])]).toEqual(differs[draft])
    expect([...(ran?.refused.keys() ?? [])].filter((name) => !isReference(name))).toEqual(
      refusedBesidesReferences[draft],
    )
    expect(ran?.passed).toBeGreaterThan(atLeast)
  })
})
