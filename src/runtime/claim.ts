/** The way into a session: a new fence, the state, and what to do where claims have died before. */
import { FORMAT } from '../core/index.ts'
import { PawlError, type SessionRef } from '../ports/index.ts'
import type { Activation, Driver } from './activation.ts'
import type { Agent } from './define.ts'
import type { Drove } from './drive.ts'
import { encodeEvent } from './encode.ts'
import { headChange } from './head-change.ts'
import { letGo } from './let-go.ts'
import { foldTail, load } from './load.ts'
import { createMailbox } from './mailbox.ts'
import { saveDefinitions } from './save-definitions.ts'
import { SecretError } from './secret-error.ts'

/** Deaths of holders from which a session is driven alone, and at which it is parked. */
const DEATHS_ALONE = 2
const DEATHS_PARKED = 3

/** After which a session is looked at again that secrets keep from being driven: a resolver may answer, or a deploy have mended the agent. */
const SECRETS_AGAIN_MS = 5_000

/** No agent of this runtime has the session's name. */
export class UnknownAgentError extends PawlError {
  constructor(sessionId: string, agent: string, known: readonly string[]) {
    super(
      'unknown_agent',
      `session ${sessionId} belongs to agent "${agent}"; this runtime has ${known.join(', ') || 'none'}. Add it to createRuntime({ agents })`,
    )
  }
}

export type ClaimOptions = { readonly alone: boolean; readonly deadWorkers: readonly string[] }
export type ClaimResult = { readonly type: 'claimed'; readonly activation: Activation } | { readonly type: Drove }

export async function claimSession(
  ref: SessionRef,
  driver: Driver,
  { alone, deadWorkers }: ClaimOptions,
): Promise<ClaimResult> {
  const { store, env, clock, wiring } = driver
  const worker = driver.worker()
  const askedAt = env.monotonic()
  const claimed = await store.claim(ref, { workerId: worker.workerId, format: FORMAT, deadWorkers, alone })
  if (claimed.type !== 'claimed') return { type: 'left' }
  const { fence, deadFence, version, deaths } = claimed
  clock.learn(claimed.storeNow, askedAt)
  const letting = { fence, version, wakeAt: claimed.storeNow }
  if (deaths >= DEATHS_ALONE && deaths < DEATHS_PARKED && !alone) {
    await letGo(store, ref, letting)
    return { type: 'must_drive_alone' }
  }
  const loaded = await load(store, ref, wiring)
  const { state } = loaded.draft
  const agent = driver.agents.get(state.agent)
  if (agent === undefined) {
    await letGo(store, ref, letting)
    throw new UnknownAgentError(ref.sessionId, state.agent, [...driver.agents.keys()])
  }
  const isOther = definitionOf(agent) !== state.definitionHash
  const { unknown, held } = await learnSecrets(ref, driver, agent)
  if (unknown !== null || (isOther && held !== null)) {
    await letGo(store, ref, { ...letting, wakeAt: letting.wakeAt + SECRETS_AGAIN_MS })
    throw unknown ?? held
  }
  if (isOther) await saveDefinitions(store, agent)
  const mailbox = createMailbox(env)
  const underWay = wiring.createUnderWay()
  const activation: Activation = {
    ref,
    driver,
    agent,
    worker,
    fence,
    deadFence,
    loaded,
    mailbox,
    underWay,
    conflicts: 0,
    passedAt: env.monotonic(),
  }
  if (deaths < DEATHS_PARKED) return { type: 'claimed', activation }
  return { type: await parkPoisoned(activation) }
}

const definitionOf = ({ terms }: Agent) => terms.definitionHash

/**
 * `unknown`: a value exists, or may, and is not known, so that it could not be kept out of the log. `held`: why the definition cannot
 * be stored.
 */
type Learned = { readonly unknown: SecretError | null; readonly held: SecretError | null }

/** Makes the values of its secrets known before anything is judged or written. */
async function learnSecrets(ref: SessionRef, { secrets, observer }: Driver, agent: Agent): Promise<Learned> {
  let unknown: SecretError | null = null
  if (!secrets.isReady(agent, ref.tenant)) {
    for (const problem of await secrets.prepare(agent, ref.tenant)) {
      // Whoever catches the first of these reports it.
      if (isUnknownValue(problem) && unknown === null) unknown = problem
      else observer.report(ref, problem)
    }
  }
  const [name] = secrets.redactor(ref.tenant).secretsIn(agent.definition)
  if (name === undefined) return { unknown, held: null }
  const message = `the definition of agent ${agent.name} holds the value of secret ${name}; it is not stored`
  return { unknown, held: new SecretError('secret_in_definition', message) }
}

function isUnknownValue({ code }: SecretError): boolean {
  return code === 'secret_unavailable' || code === 'secret_limit'
}

/** The third death, alone: nobody drives it again until a person has written to it. */
async function parkPoisoned(activation: Activation): Promise<Drove> {
  const { driver, ref, fence, loaded } = activation
  const { state } = loaded.draft
  if (state.ended === null && state.parked?.reason !== 'poison') {
    const message =
      'its worker died three times while it drove this session, the last time alone; send a message or cancel it'
    const event = { type: 'session_parked', reason: 'poison', message } as const
    const at = Math.max(state.at, driver.clock.now())
    const version = state.seq
    driver.wiring.reduce(loaded.draft, event, at)
    const appended = await driver.store.append({
      ref,
      version,
      fence,
      at,
      events: [encodeEvent(event)],
      head: headChange(state, [event]),
    })
    // Somebody has written meanwhile: nothing is let go of, and it is looked at again.
    if (appended.type !== 'appended') return 'failed'
  }
  const parked = await driver.store.release(ref, { fence, version: state.seq, wakeAt: null, rested: true })
  if (parked === 'released') return 'rested'
  // Written to since it was parked: it is as new, and due at once.
  await foldTail(driver.store, ref, { loaded, reduce: driver.wiring.reduce })
  const released = await driver.store.release(ref, { fence, version: state.seq, wakeAt: state.at, rested: true })
  return released === 'released' ? 'rested' : 'failed'
}
