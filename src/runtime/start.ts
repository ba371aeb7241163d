import {
  defaultBudget,
  freshState,
  type GivenPlan,
  handle,
  type Json,
  type JsonObject,
  type Limits,
  type Origin,
  type Route,
  sessionLimits,
  type Trust,
} from '../core/index.ts'
import type { Env, Store } from '../ports/index.ts'
import { checkStart, StartError } from './check-start.ts'
import type { Agent } from './define.ts'
import { memoryTerms } from './define-memory.ts'
import { encodeEvent } from './encode.ts'
import { planOfStart } from './plan-of-start.ts'
import type { Beginning } from './redact-sent.ts'
import { saveDefinitions } from './save-definitions.ts'
import type { Secrets } from './secrets.ts'
import { refuseErased } from './session-erased.ts'
import type { Wiring } from './wiring.ts'

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
  /** How far the message can be trusted; `user` by default. `external` for text that nobody you know has written, such as a mail. */
  readonly trust?: Trust
  /** Free data that policies and tools can read, and the model does not see. */
  readonly context?: JsonObject
  /** How the work is gone about, whatever the agent's rules say. */
  readonly route?: Route
  /** A plan that the caller has: validated like any other, and carried out as it is. With the route `plan` the model moves its steps. */
  readonly plan?: GivenPlan
  /** The template that the plan was made from, for those who look at it later. */
  readonly template?: string
}

export type Started = { readonly sessionId: string; readonly tenant: string }

export type StartContext = {
  readonly store: Store
  readonly env: Env
  readonly agents: ReadonlyMap<string, Agent>
  readonly limits: Limits
  readonly secrets: Secrets
  readonly wiring: Pick<Wiring, 'redaction'>
}

export async function startSession(context: StartContext, agentName: string, options: StartOptions): Promise<Started> {
  const { store, env, limits } = context
  const agent = agentNamed(context, agentName)
  const asked = checkStart(options, { limits, newId: () => env.uuid() })
  const { tenant, sessionId, commandId, trust, template } = asked
  const planned = planOfStart(agent, options, limits)
  const begun = await withoutSecrets(context, agent, {
    tenant,
    message: asked.message,
    requester: asked.requester,
    closing: agent.closing,
    context: asked.context,
    names: [tenant, sessionId, commandId, ...(template === undefined ? [] : [template])],
    definition: agent.definition,
    // Read from JSON, field by field.
    ...(planned.plan !== undefined && { plan: planned.plan.plan as unknown as Json }),
  })
  const handled = handle(
    freshState(tenant, sessionId),
    {
      type: 'start_session',
      agent: agent.name,
      definitionHash: agent.terms.definitionHash,
      budget: { ...defaultBudget, ...agent.budget },
      limits: sessionLimits(limits),
      closing: begun.closing,
      requester: begun.requester,
      context: begun.context,
      message: begun.message,
      trust,
      commandId,
      ...planned,
      memory: memoryTerms(agent.memory, limits),
    },
    { now: env.now(), fence: 0 },
  )
  if (handled.type === 'refused') throw new StartError(handled.code, handled.message)
  await saveDefinitions(store, agent)
  const created = await store.create({
    ref: { tenant, sessionId },
    agent: agent.name,
    events: handled.events.map(encodeEvent),
    status: 'running',
  })
  if (created.type === 'exists') await refuseOther(store, { tenant, sessionId }, commandId)
  return { sessionId, tenant }
}

function agentNamed({ agents }: StartContext, name: string): Agent {
  const agent = agents.get(name)
  if (agent !== undefined) return agent
  const known = [...agents.keys()].join(', ') || 'none'
  throw new StartError('unknown_agent', `there is no agent "${name}"; this runtime has ${known}`)
}

/** The secrets of the agent's tools are resolved first, so that their values are known; a resolver that fails is no reason not to start. */
async function withoutSecrets(
  { secrets, wiring }: StartContext,
  agent: Agent,
  { tenant, ...beginning }: Beginning & { readonly tenant: string },
): Promise<Beginning> {
  if (!secrets.isReady(agent, tenant)) await secrets.prepare(agent, tenant)
  const cleaned = wiring.redaction.beginning(beginning, secrets.redactor(tenant))
  if (cleaned.type === 'refused') throw new StartError('holds_secret', cleaned.message)
  return cleaned.value
}

/** The same command again gets the same session; another command does not get somebody else's. */
async function refuseOther(store: Store, ref: Started, commandId: string): Promise<void> {
  const [first] = await store.read(ref, 0, 1)
  if (first !== undefined) await refuseErased(store, ref, [first])
  const body: unknown = first?.body ? JSON.parse(first.body) : null
  if (typeof body === 'object' && body !== null && 'commandId' in body && body.commandId === commandId) return
  throw new StartError(
    'session_exists',
    `session ${ref.sessionId} exists already; speak to it with send, or start one with another sessionId`,
  )
}
