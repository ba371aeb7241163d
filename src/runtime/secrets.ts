/** The secrets that this process knows: resolved for tools that declare them, and kept out of everything that is written. */
import { isSecretName, secretNameOf } from '../core/index.ts'
import { type AnyTool, type Env, ToolError } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { RuntimeLimits } from './options.ts'
import { createRedactor, markOf, type Redactor } from './redact.ts'
import { MIN_SECRET_CHARACTERS } from './redact-encodings.ts'
import { createFinder, type Needle } from './redact-find.ts'
import { type PatternName, patterns } from './redact-patterns.ts'
import { withinTime } from './within-time.ts'

/** Who asks for a secret. */
export type SecretAsked = { readonly tenant: string; readonly agent: string; readonly tool: string }

/**
 * Where secrets come from. Undefined: there is none of that name. May be asked often and at the same time: keep what is slow to
 * fetch. It is asked for every secret that an agent's tools declare before a session of that agent is driven, and again whenever a
 * tool asks.
 */
export type SecretResolver = (name: string, asked: SecretAsked) => string | undefined | Promise<string | undefined>

/** `code`: `secret_not_declared`, `secret_unknown`, `secret_unavailable`, `secret_unusable`, `secret_limit`. Never holds a value. */
export class SecretError extends ToolError {
  override readonly code: string

  constructor(code: string, message: string, options: { readonly retryable?: boolean } = {}) {
    super(message, options)
    this.code = code
  }
}

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

export type SecretsOptions = {
  readonly resolver: SecretResolver | undefined
  readonly limits: RuntimeLimits
  readonly env: Pick<Env, 'setTimer'>
  readonly keptPatterns: readonly PatternName[]
  /** How a value may stand in a text. */
  readonly encodingsOf: (value: string) => readonly string[]
}

/** Values of one name that are known at a time; a resolver that gives out short-lived ones makes older ones forgotten. */
const MAX_VERSIONS = 64

type Tenant = { readonly values: Map<string, string[]>; redactor: Redactor | null }

export function createSecrets(options: SecretsOptions): Secrets {
  const register = createRegister(options)
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
    `tool ${tool.name} may resolve only the secrets that it declares (${found}); found ${JSON.stringify(name.slice(0, 100))}: ${mend}`,
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
    throw new SecretError('secret_unavailable', `the resolver could not be asked for secret ${name}`, {
      retryable: true,
    })
  }
  throw new SecretError('secret_unusable', `expected secret ${name} to be text; the resolver gave something else`)
}

function createRegister({ limits, keptPatterns, encodingsOf }: SecretsOptions) {
  const kept = new Set(keptPatterns)
  const tenants = new Map<string, Tenant>()
  const marks = new Set(['sensitive', 'cut', ...patterns.map(({ name }) => name)].map(markOf))
  const needles = new Map<string, readonly string[]>()
  const nothingKnown = createRedactor({ finder: null, keptPatterns: kept })
  let all: Redactor | null = null
  let count = 0
  const built = (known: Iterable<Tenant>): Redactor => {
    const texts: Needle[] = []
    for (const { values } of known)
      for (const [name, versions] of values)
        for (const value of versions) for (const text of needles.get(value) ?? []) texts.push({ text, name })
    return texts.length === 0 ? nothingKnown : createRedactor({ finder: createFinder(texts), keptPatterns: kept })
  }
  return {
    redactor: (tenant: string | null): Redactor => {
      if (count === 0) return nothingKnown
      if (tenant === null) {
        all ??= built(tenants.values())
        return all
      }
      const known = tenants.get(tenant)
      if (known === undefined) return nothingKnown
      known.redactor ??= built([known])
      return known.redactor
    },
    /** @throws SecretError `secret_unusable` or `secret_limit` */
    add: (tenant: string, name: string, value: string): void => {
      const known = tenants.get(tenant) ?? { values: new Map<string, string[]>(), redactor: null }
      const versions = known.values.get(name) ?? []
      if (versions.includes(value)) return
      refuseUnusable(name, value, { marks, limits, values: needles.keys() })
      if (count >= limits.maxSecretValues && versions.length < MAX_VERSIONS) {
        throw new SecretError(
          'secret_limit',
          `this process knows ${count} values of secrets, which is the limit (maxSecretValues); secret ${name} is not given out`,
        )
      }
      needles.set(value, needles.get(value) ?? encodingsOf(value))
      marks.add(markOf(name))
      if (versions.push(value) > MAX_VERSIONS) versions.shift()
      else count += 1
      tenants.set(tenant, known)
      known.values.set(name, versions)
      known.redactor = null
      all = null
    },
  }
}

type Known = { readonly marks: Iterable<string>; readonly limits: RuntimeLimits; readonly values: Iterable<string> }

/** What could not be hidden without shredding texts, or without being hidden for ever anew. */
function refuseUnusable(name: string, value: string, { marks, limits, values }: Known): void {
  const unusable = (why: string) => new SecretError('secret_unusable', `secret ${name} cannot be used: ${why}`)
  if (!isSecretName(name)) throw unusable('its name has to be letters, digits, "_", "." and "-", at most 64')
  if (value.trim().length < MIN_SECRET_CHARACTERS)
    throw unusable(
      `expected at least ${MIN_SECRET_CHARACTERS} characters, found fewer; texts would be shredded by hiding it`,
    )
  if (value.length > limits.maxSecretCharacters)
    throw unusable(
      `expected at most ${limits.maxSecretCharacters} characters (maxSecretCharacters), found ${value.length}`,
    )
  if (!value.isWellFormed() || value.includes('\0')) throw unusable('it holds NUL or half of a surrogate pair')
  const own = markOf(name)
  const clashes =
    [...marks, own].some((mark) => mark.includes(value.trim())) || [...values].some((each) => own.includes(each.trim()))
  if (clashes)
    throw unusable('its value stands in the name of a secret or in "[redacted:…]", so hiding it would show it')
}
