/** The secrets that this process knows: resolved for tools that declare them, and kept out of everything that is written. */
import { isSecretName, previewOf, secretNameOf } from '../core/index.ts'
import type { AnyTool, Env } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { createKnownSecrets, type KnownSecretsOptions } from './known-secrets.ts'
import type { RuntimeLimits } from './options.ts'
import type { Redactor } from './redact.ts'
import { SecretError } from './secret-error.ts'
import { withinTime } from './within-time.ts'

/** Who asks for a secret. */
export type SecretAsked = { readonly tenant: string; readonly agent: string; readonly tool: string }

/**
 * Where secrets come from. Undefined: there is none of that name. May be asked often and at the same time: keep what is slow to
 * fetch. It is asked for every secret that an agent's tools declare before a session of that agent is driven, and again whenever a
 * tool asks.
 */
export type SecretResolver = (name: string, asked: SecretAsked) => string | undefined | Promise<string | undefined>

export interface Secrets {
  /** Of what a tenant's tools have resolved; null: of everything that this process knows, for what belongs to no session. */
  redactor(tenant: string | null): Redactor
  /** For a tool that asks. @throws SecretError */
  resolve(nameOrReference: string, tool: AnyTool, asked: SecretAsked): Promise<string>
  /** Whether every secret that the agent's tools declare (or one of them) has been resolved once. */
  isReady(agent: Agent, tenant: string, tool?: AnyTool): boolean
  /** Resolves them. Answers with what went wrong, one error a secret. */
  prepare(agent: Agent, tenant: string, tool?: AnyTool): Promise<readonly SecretError[]>
}

export type SecretsOptions = KnownSecretsOptions & {
  readonly resolver: SecretResolver | undefined
  readonly limits: Pick<RuntimeLimits, 'secretTimeoutMs'>
  readonly env: Pick<Env, 'setTimer'>
}

export function createSecrets(options: SecretsOptions): Secrets {
  const register = createKnownSecrets(options)
  const ready = new Set<string>()
  const wanted = (agent: Agent, tenant: string, only?: AnyTool) =>
    (only === undefined ? [...agent.tools.values()] : [only]).flatMap((tool) =>
      (tool.secrets ?? []).map((name) => {
        const asked = { tenant, agent: agent.name, tool: tool.name }
        return { name, asked, key: JSON.stringify([tenant, agent.name, tool.name, name]) }
      }),
    )
  const fetch = async (name: string, asked: SecretAsked): Promise<string> => {
    const value = await ask(options, name, asked)
    if (value === undefined)
      throw new SecretError('secret_unknown', `there is no secret ${name} for tool ${asked.tool}`)
    register.add(asked.tenant, name, value)
    return value
  }
  return {
    redactor: register.redactor,
    resolve: (nameOrReference, tool, asked) => {
      const name = secretNameOf(nameOrReference)
      if (tool.secrets?.includes(name) === true) return fetch(name, asked)
      return Promise.reject(notDeclared(name, tool))
    },
    isReady: (agent, tenant, tool) => wanted(agent, tenant, tool).every(({ key }) => ready.has(key)),
    prepare: async (agent, tenant, tool) => {
      const missing = wanted(agent, tenant, tool).filter(({ key }) => !ready.has(key))
      const found = await Promise.allSettled(missing.map(({ name, asked }) => fetch(name, asked)))
      missing.forEach(({ key }, index) => {
        if (found[index]?.status === 'fulfilled') ready.add(key)
      })
      // `fetch` throws nothing else.
      return found.flatMap((each) => (each.status === 'rejected' ? [each.reason as SecretError] : []))
    },
  }
}

/** Not a reason to run the call again, and what to write instead. */
export function notDeclared(name: string, tool: AnyTool): SecretError {
  const found = tool.secrets === undefined || tool.secrets.length === 0 ? 'none' : tool.secrets.join(', ')
  const mend = isSecretName(name) ? `add secrets: ['${name}'] to it` : 'give a name or a reference'
  return new SecretError(
    'secret_not_declared',
    `tool ${tool.name} may resolve only the secrets that it declares (${found}); found ${JSON.stringify(previewOf(name, 100))}: ${mend}`,
  )
}

/** @throws SecretError. What the resolver has thrown is not told: it may hold anything. */
async function ask(
  { resolver, limits, env }: SecretsOptions,
  name: string,
  asked: SecretAsked,
): Promise<string | undefined> {
  if (resolver === undefined) {
    throw new SecretError(
      'secret_unknown',
      `tool ${asked.tool} wants secret ${name}, and this runtime has no resolver: createRuntime({ secrets: secretsFrom({ … }) })`,
    )
  }
  try {
    const answered = Promise.resolve(resolver(name, asked))
    const value: unknown = await withinTime(answered, { env, timeoutMs: limits.secretTimeoutMs, what: 'the resolver' })
    if (value === undefined || typeof value === 'string') return value
  } catch {
    const { secretTimeoutMs } = limits
    const message = `asked for secret ${name}, the resolver threw or took longer than ${secretTimeoutMs} ms; what it threw is not told, since it may hold the value`
    throw new SecretError('secret_unavailable', message, { retryable: true })
  }
  throw new SecretError('secret_unusable', `expected secret ${name} to be text; the resolver gave something else`)
}
