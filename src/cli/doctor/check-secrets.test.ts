import { expect, test } from 'vitest'
import { z } from 'zod'
import { agent, secretsFrom, tool } from '../../index.ts'
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
