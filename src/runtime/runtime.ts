/** The public facade: start, send, watch, wait for results, answer approvals, stop. */
import type { PlanView } from '../core/index.ts'
import type { Engine } from '../ports/index.ts'
import { type Approvals, createApprovals } from './approvals.ts'
import { checkCommand } from './check-command.ts'
import { type CheckEditContext, checkEdit } from './check-edit.ts'
import { checkedLimits } from './check-limits.ts'
import { createStoreClock } from './clock.ts'
import { type Agent, DefinitionError } from './define.ts'
import { createDriving, type Driving, type DrivingContext } from './driving.ts'
import { createHub } from './hub.ts'
import { nodeEnv } from './node-env.ts'
import type { RuntimeOptions } from './options.ts'
import { planOfSession } from './plan-of-session.ts'
import { type CleaningContext, cleanCommand } from './redact-sent.ts'
import { type Result, resultOf } from './result.ts'
import { createSecrets } from './secrets.ts'
import { type SendableCommand, type SendContext, type Sent, sendCommand, type WithoutCommandId } from './send.ts'
import { SessionErasedError } from './session-erased.ts'
import { namedRef, refOf, type SessionName } from './session-name.ts'
import { type SettleContext, withToolViews } from './settle-views.ts'
import { type Started, type StartOptions, startSession } from './start.ts'
import { type WatchItem, type WatchOptions, watch } from './watch.ts'
import { wiring as shippedWiring, type Wiring } from './wiring.ts'

export interface Runtime {
  /**
   * Starts a session with its first message, durably: when this resolves, the session will be worked on, whatever dies.
   * With a `commandId`, starting again gets the same session.
   */
  start(agent: string, options: StartOptions): Promise<Started>
  /** Speaks to a session, cancels it, extends its budget, settles a call. A repeat of a `commandId` gets the first answer. */
  send(session: SessionName, command: WithoutCommandId<SendableCommand>): Promise<Sent>
  /** Committed events and live deltas, resumable by sequence number. */
  watch(session: SessionName, options?: WatchOptions): AsyncGenerator<WatchItem, void, undefined>
  /** Resolves when the session has ended, or waits for people: what the user got, and what it cost. */
  result(session: SessionName, options?: { readonly signal?: AbortSignal }): Promise<Result>
  /** The plan in force: each task with its status, its result, and what an unreachable one waits for in vain. Null: there is none. */
  plan(session: SessionName): Promise<PlanView | null>
  /** What people have to decide, and their answers. */
  readonly approvals: Approvals
  /** Drains: starts nothing more, lets `unsafe` calls finish within `graceMs`, lets go of every session. A second call is safe. */
  stop(): Promise<void>
}

export function buildRuntime(
  options: RuntimeOptions & { readonly engine: Engine | null },
  wiring: Wiring = shippedWiring,
): Runtime {
  const { store, agents } = options
  const limits = checkedLimits(options.limits)
  const env = options.env ?? nodeEnv()
  const clock = createStoreClock(env)
  const hub = createHub()
  const secrets = createSecrets({
    resolver: options.secrets,
    limits,
    env,
    keptPatterns: options.keptPatterns ?? [],
    encodingsOf: wiring.redaction.encodingsOf,
  })
  const driving = createDriving({ options, limits, env, clock, hub, wiring, secrets })
  const agentsByName = byName(agents)
  const context = {
    store,
    env,
    hub,
    wiring,
    clock,
    limits,
    secrets,
    agents: agentsByName,
    streamBuffer: limits.streamBuffer,
    noticeMs: limits.noticeMs,
  }
  const send = sender({ ...context, driving })
  return {
    start: async (agent, startOptions) => {
      const started = await startSession(context, agent, startOptions)
      driving.poke(started)
      return started
    },
    send,
    watch: async function* (session, watchOptions = {}) {
      yield* watch(context, refOf(session), watchOptions)
    },
    result: async (session, resultOptions = {}) => resultOf(context, refOf(session), resultOptions.signal),
    plan: async (session) => planOfSession(context, refOf(session)),
    approvals: createApprovals({ ...context, send }),
    stop: driving.stop,
  }
}

type Sender = CheckEditContext &
  SettleContext &
  SendContext &
  CleaningContext &
  Pick<DrivingContext, 'env' | 'hub'> & { readonly driving: Driving }

/** A session that was erased is a refusal like any other, wherever it is found out. */
function sender(context: Sender): Runtime['send'] {
  const send = checkedSender(context)
  return (session, given) =>
    send(session, given).catch((problem: unknown) => {
      if (!(problem instanceof SessionErasedError)) throw problem
      return {
        type: 'refused',
        sessionId: refOf(session).sessionId,
        code: 'session_erased',
        message: problem.message,
      }
    })
}

/** The one door in: checked, cleaned of secrets, sent, and told to whoever watches or drives. */
function checkedSender(context: Sender): Runtime['send'] {
  return async (session, given) => {
    const ref = namedRef(session)
    if (ref === null) return unnamed
    const checked = checkCommand(given, context.limits, () => context.env.uuid())
    const { sessionId } = ref
    if (checked.type === 'problem')
      return { type: 'refused', sessionId, code: 'invalid_input', message: checked.problem }
    const edit = checked.command.type === 'edit' ? await checkEdit(context, ref, checked.command) : null
    if (edit?.type === 'refused') return { ...edit, sessionId, code: 'invalid_input' }
    const command = edit?.command ?? checked.command
    const whole = command.type === 'settle' ? await withToolViews(context, ref, command) : command
    const cleaned = await cleanCommand(context, ref, whole)
    if (cleaned.type === 'refused') return { ...cleaned, sessionId, code: 'invalid_input' }
    const sent = await sendCommand(context, ref, cleaned.value)
    context.hub.committed(ref)
    context.driving.poke(ref)
    return sent
  }
}

function byName(agents: readonly Agent[]): ReadonlyMap<string, Agent> {
  const named = new Map(agents.map((agent) => [agent.name, agent]))
  if (named.size < agents.length)
    throw new DefinitionError(
      `expected agents with different names; found ${agents.map(({ name }) => name).join(', ')}`,
    )
  return named
}

const unnamed: Sent = {
  type: 'refused',
  sessionId: '',
  code: 'unknown_session',
  message: 'expected a session as { sessionId, tenant? } of well-formed texts; found something else',
}
