import { expect, test } from 'vitest'
import { z } from 'zod'
import { agent, defaultLimits, secretsFrom, tool } from '../../index.ts'
import { scripted } from '../../models/scripted.ts'
import { checkSecrets } from './check-secrets.ts'

const clerk = (secrets: readonly string[]) => {
  const look = tool({ name: 'look', description: 'looks', effect: 'read', secrets, input: z.object({}), run: () => 1 })
  return agent({ name: 'clerk', instructions: 'Look.', model: scripted([]), tools: [look] })
}

test('an agent whose tools declare no secrets has nothing to be looked at', async () => {
  expect(await checkSecrets([clerk([])], undefined)).toEqual([])
})

test('a secret that can be resolved is named, and its value is not', async () => {
  const checks = await checkSecrets([clerk(['KEY'])], secretsFrom({ KEY: 'k-123456' }))
  expect(checks).toEqual([{ name: 'secrets', stands: 'ok', says: 'KEY' }])
})

test.each([
  ['no resolver', undefined, 'secretsFrom(process.env)'],
  ['a resolver that does not have it', secretsFrom({}), 'resolver'],
  ['a resolver that fails', () => Promise.reject(new Error('the vault is away')), 'resolver'],
])('with %s, a secret is missing', async (_, resolver, advice) => {
  const [check] = await checkSecrets([clerk(['KEY'])], resolver)
  expect(check).toMatchObject({ stands: 'bad', says: 'KEY of look: cannot be resolved' })
  expect(check?.advice).toContain(advice)
})

test.each<[string, unknown, string]>([
  ['too short to be hidden', 'abc', 'at least 6 characters'],
  ['a word of the marks', 'redacted', 'stands in the name of a secret or in "[redacted:…]"'],
  ['no text', 7, 'to be text'],
])('a secret that is %s is refused here as it is by a runtime', async (_, value, says) => {
  // What a resolver in JavaScript may answer.
  const checks = await checkSecrets([clerk(['KEY'])], () => value as string)
  expect(checks).toMatchObject([{ name: 'secrets', stands: 'bad', says: expect.stringContaining(says) }])
})

test('more values than a runtime keeps are told with the limit', async () => {
  const limits = { ...defaultLimits, maxSecretValues: 1 }
  const checks = await checkSecrets([clerk(['ONE', 'TWO'])], (name) => `value-of-${name}`, limits)
  expect(checks).toMatchObject([{ stands: 'bad', says: expect.stringContaining('maxSecretValues') }])
})

test('a resolver that never answers is waited for as long as a runtime would', async () => {
  const limits = { ...defaultLimits, secretTimeoutMs: 1 }
  const [check] = await checkSecrets([clerk(['KEY'])], () => new Promise(() => {}), limits)
  expect(check).toMatchObject({ stands: 'bad', says: 'KEY of look: cannot be resolved' })
  expect(check?.advice).toContain('secretTimeoutMs')
})
