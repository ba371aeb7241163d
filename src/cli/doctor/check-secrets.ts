/** Whether the secrets that tools declare can be resolved. Says names, never values. */
import type { Agent, SecretResolver } from '../../index.ts'
import { bad, type Check, ok } from './check.ts'

/** Asked as the tools ask, for the tenant of an application that has only one. */
const TENANT = 'default'

export async function checkSecrets(
  agents: readonly Agent[],
  resolver: SecretResolver | undefined,
): Promise<readonly Check[]> {
  const wanted = agents.flatMap((agent) =>
    [...agent.tools.values()].flatMap(({ name: tool, secrets = [] }) =>
      secrets.map((name) => ({ name, asked: { tenant: TENANT, agent: agent.name, tool } })),
    ),
  )
  if (wanted.length === 0) return []
  const found = await Promise.allSettled(wanted.map(async ({ name, asked }) => resolver?.(name, asked)))
  const missing = wanted.filter((_, index) => {
    const each = found[index]
    return each?.status !== 'fulfilled' || each.value === undefined
  })
  if (missing.length === 0) return [ok('secrets', [...new Set(wanted.map(({ name }) => name))].join(', '))]
  const named = missing.map(({ name, asked }) => `${name} of ${asked.tool}`).join(', ')
  const advice =
    resolver === undefined
      ? 'Say in the configuration where they come from: secrets: secretsFrom(process.env)'
      : 'Give them to the resolver of the configuration: a call of such a tool is refused.'
  return [bad('secrets', `${named}: cannot be resolved`, advice)]
}
