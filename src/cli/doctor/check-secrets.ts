/** Whether a runtime could have the secrets that tools declare. Says names, never values. */
import { type Agent, defaultLimits, type Limits, type SecretError, type SecretResolver } from '../../index.ts'
import { createSecrets, nodeEnv, wiring } from '../../runtime/index.ts'
import { bad, type Check, ok } from './check.ts'

/** Asked as the tools ask, for the tenant of an application that has only one. */
const TENANT = 'default'

const NO_RESOLVER = 'Say in the configuration where they come from: secrets: secretsFrom(process.env)'
const REFUSED = 'Give them to the resolver of the configuration: a call of such a tool is refused.'
const UNUSABLE = 'Let the resolver of the configuration give another value: a call of such a tool is refused.'
const TOO_MANY =
  'Raise maxSecretValues in the limits of the configuration: until then no session of such an agent is driven.'

export async function checkSecrets(
  agents: readonly Agent[],
  resolver: SecretResolver | undefined,
  limits: Limits = defaultLimits,
): Promise<readonly Check[]> {
  const wanted = agents.flatMap((agent) =>
    [...agent.tools.values()].flatMap((tool) => (tool.secrets ?? []).map((name) => ({ name, agent, tool }))),
  )
  if (wanted.length === 0) return []
  const { encodingsOf } = wiring.redaction
  const secrets = createSecrets({ resolver, limits, env: nodeEnv(), keptPatterns: [], encodingsOf })
  const errors = await Promise.all(
    wanted.map(async ({ name, agent, tool }) =>
      secrets.resolve(name, tool, { tenant: TENANT, agent: agent.name, tool: tool.name }).then(
        () => null,
        // It rejects with nothing else.
        (error: SecretError) => ({ error, wanted: `${name} of ${tool.name}` }),
      ),
    ),
  )
  const failed = errors.filter((each) => each !== null)
  if (failed.length === 0) return [ok('secrets', [...new Set(wanted.map(({ name }) => name))].join(', '))]
  const named = (code: string) => failed.filter(({ error }) => error.code === code).map((each) => each.wanted)
  const away = `The resolver of the configuration threw, or took longer than ${limits.secretTimeoutMs} ms (secretTimeoutMs): until it answers, no session of such an agent is driven.`
  const others = failed.filter(({ error }) => !['secret_unknown', 'secret_unavailable'].includes(error.code))
  const told = new Map(others.map(({ error }) => [error.message, error.code === 'secret_limit' ? TOO_MANY : UNUSABLE]))
  return [
    ...missing(named('secret_unknown'), resolver === undefined ? NO_RESOLVER : REFUSED),
    ...missing(named('secret_unavailable'), away),
    ...[...told].map(([message, advice]) => bad('secrets', message, advice)),
  ]
}

function missing(names: readonly string[], advice: string): readonly Check[] {
  return names.length === 0 ? [] : [bad('secrets', `${names.join(', ')}: cannot be resolved`, advice)]
}
