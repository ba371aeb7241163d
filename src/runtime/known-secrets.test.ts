import { describe, expect, test } from 'vitest'
import { createKnownSecrets } from './known-secrets.ts'

function knownSecrets(maxSecretValues: number) {
  const known = createKnownSecrets({
    limits: { maxSecretValues, maxSecretCharacters: 100 },
    keptPatterns: [],
    encodingsOf: (value) => [value],
  })
  const isHidden = (value: string, tenant: string | null = null) => known.redactor(tenant).text(value) !== value
  return { ...known, isHidden }
}

const numbered = (index: number) => `token-${String(index).padStart(6, '0')}`

describe('short-lived values', () => {
  test('the newest 64 of a name are known, and what is older is looked for no longer', () => {
    const { add, isHidden } = knownSecrets(1_000)
    for (let index = 0; index < 100; index += 1) add('one', 'TOKEN', numbered(index))
    const hidden = Array.from({ length: 100 }, (_, index) => isHidden(numbered(index)))
    expect(hidden).toEqual([...Array(36).fill(false), ...Array(64).fill(true)])
  })

  test('at the limit of all values the oldest that is not the newest of its name makes room', () => {
    const { add, isHidden } = knownSecrets(4)
    add('one', 'TOKEN', 'one-first-value')
    add('one', 'TOKEN', 'one-second-value')
    add('two', 'TOKEN', 'two-first-value')
    add('two', 'TOKEN', 'two-second-value')
    add('three', 'TOKEN', 'three-first-value')
    expect(isHidden('one-first-value')).toBe(false)
    expect(isHidden('two-first-value', 'two')).toBe(true)
    add('four', 'TOKEN', 'four-first-value')
    expect(isHidden('two-first-value')).toBe(false)
    expect(() => add('five', 'TOKEN', 'five-first-value')).toThrow('maxSecretValues')
    for (const tenant of ['one', 'two']) expect(isHidden(`${tenant}-second-value`, tenant)).toBe(true)
  })

  test('one that was given out again is the newest, and a name that is full of new values goes on', () => {
    const { add, isHidden } = knownSecrets(2)
    add('one', 'TOKEN', 'first-value')
    add('one', 'TOKEN', 'second-value')
    add('one', 'TOKEN', 'first-value')
    add('one', 'TOKEN', 'third-value')
    expect(['first-value', 'second-value', 'third-value'].map((value) => isHidden(value))).toEqual([true, false, true])
  })

  test('what another tenant holds is still hidden there', () => {
    const { add, isHidden } = knownSecrets(3)
    add('one', 'TOKEN', 'shared-value')
    add('two', 'TOKEN', 'shared-value')
    add('one', 'TOKEN', 'other-value')
    add('one', 'TOKEN', 'third-value')
    expect(isHidden('shared-value', 'one')).toBe(false)
    expect(isHidden('shared-value', 'two')).toBe(true)
  })
})
