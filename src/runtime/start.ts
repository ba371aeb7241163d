import {
  admit,
  defaultBudget,
  freshState,
  handle,
  type JsonObject,
  type Limits,
  type Origin,
  sessionLimits,
  type Trust,
  utf8Bytes,
} from '../core/index.ts'
import { type Env, PawlError, type Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { encodeEvent } from './encode.ts'
import { sha256 } from './hash.ts'

export type StartOptions = {
  /** The first message of the user. */
  readonly message: string
  /** Whose session it is; `default` where there is only one tenant. */
  readonly tenant?: string
  /** A UUIDv7 by default, or made from `commandId`. */
  readonly sessionId?: string
  /** Starting twice with the same id gets the same session. */
  readonly commandId?: string
  /** Who asks: `notRequester` keeps them from approving their own work. */
  readonly requester?: Origin
  /** How far the message can be trusted; `user` by default. */
  readonly trust?: Trust
  /** Free data that policies and tools can read, and the model does not see. */
  readonly context?: JsonObject
}

export type Started = { readonly sessionId: string; readonly tenant: string }

/** A session could not be started. `code` is a stable word. */
export class StartError extends PawlError {}

export type StartContext = {
  readonly store: Store
  readonly env: Env
  readonly agents: ReadonlyMap<string, Agent>
  readonly limits: Limits
}

export async function startSession(context: StartContext, agentName: string, options: StartOptions): Promise<Started> {
  const { store, env, limits } = context
  const agent = context.agents.get(agentName)
  if (agent === undefined) {
    throw new StartError(
      'unknown_agent',
      `there is no agent "${agentName}"; this runtime has ${[...context.agents.keys()].join(', ') || 'none'}`,
    )
  }
  const { tenant = 'default', message, requester = { type: 'api' }, trust = 'user' } = options
  checkText('tenant', tenant, 256)
  checkText('message', message, limits.maxInputBytes)
  const commandId = options.commandId ?? env.uuid()
  const sessionId =
    options.sessionId ?? (options.commandId === undefined ? env.uuid() : derivedSessionId(tenant, commandId))
  checkText('sessionId', sessionId, 128)
  const handled = handle(
    freshState(tenant, sessionId),
    {
      type: 'start_session',
      agent: agent.name,
      definitionHash: agent.terms.definitionHash,
      budget: { ...defaultBudget, ...agent.budget },
      limits: sessionLimits(limits),
      closing: agent.closing,
      requester,
      context: checkedContext(options.context ?? {}, limits),
      message,
      trust,
      commandId,
    },
    { now: env.now(), fence: 0 },
  )
  if (handled.type === 'refused') throw new StartError(handled.code, handled.message)
  await store.saveDefinition(agent.terms.definitionHash, agent.definition)
  const created = await store.create({
    ref: { tenant, sessionId },
    agent: agent.name,
    events: handled.events.map(encodeEvent),
    status: 'running',
  })
  if (created.type === 'exists') await refuseOther(store, { tenant, sessionId }, commandId)
  return { sessionId, tenant }
}

/** The same command again gets the same session; another command does not get somebody else's. */
async function refuseOther(store: Store, ref: Started, commandId: string): Promise<void> {
  const [first] = await store.read(ref, 0, 1)
  const body: unknown = first?.body ? JSON.parse(first.body) : null
  if (typeof body === 'object' && body !== null && 'commandId' in body && body.commandId === commandId) return
  throw new StartError(
    'session_exists',
    `session ${ref.sessionId} exists already; speak to it with send, or start one with another sessionId`,
  )
}

/** A UUID of version 8 from a hash, so that a start can be repeated without remembering its answer. */
function derivedSessionId(tenant: string, commandId: string): string {
  const hex = sha256(JSON.stringify([tenant, commandId]))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Refuses what cannot be stored as it is: nothing is silently changed. */
export function checkText(name: string, text: string, maxBytes: number): void {
  if (text.trim() === '') throw new StartError('invalid_input', `expected a ${name} with some text in it; found none`)
  if (!text.isWellFormed() || text.includes('\0'))
    throw new StartError('invalid_input', `the ${name} holds NUL or half of a surrogate pair; send well-formed text`)
  const bytes = utf8Bytes(text)
  if (bytes > maxBytes)
    throw new StartError('too_large', `expected a ${name} of at most ${maxBytes} bytes; found ${bytes}`)
}

function checkedContext(value: JsonObject, limits: Limits): JsonObject {
  const admitted = admit(value, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem')
    throw new StartError('invalid_input', `the context cannot be stored: ${admitted.problem}`)
  // An object was given, and admitting keeps it one.
  return admitted.value as JsonObject
}
