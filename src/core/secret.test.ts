import { expect, test } from 'vitest'
import { isSecretName, secret, secretsNamedIn } from './secret.ts'

const longest = `A${'b'.repeat(63)}`

test.each([
  'A',
  'PAY_KEY',
  'stripe.live-2',
  '_'.padStart(2, 'a'),
  longest,
])('a name that may be one is found where it is referred to, also at the end of a sentence: %s', (name) => {
  expect(isSecretName(name)).toBe(true)
  for (const text of [secret(name), `use ${secret(name)}.`, `${secret(name)}...`, `(${secret(name)})`])
    expect([...secretsNamedIn({ text })]).toEqual([name])
})

test.each(['', '1A', '_A', 'A.', 'PAY_KEY-', 'A..', 'a b', `${longest}b`])('no name of a secret: "%s"', (name) => {
  expect(isSecretName(name)).toBe(false)
  expect(() => secret(name)).toThrow(RangeError)
})
