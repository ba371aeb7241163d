/** The public facade: start, send, watch, wait for results, answer approvals, stop. */
import { defaultLimits } from '../core/index.ts'
import type { Engine, SessionRef } from '../ports/index.ts'
import { type Approvals, createApprovals } from './approvals.ts'
import { createStoreClock } from './clock.ts'
import { type Agent, DefinitionError } from './define.ts'
import { createDriving } from './driving.ts'
import { createHub } from './hub.ts'
import { nodeEnv } from './node-env.ts'
import type { RuntimeOptions } from './options.ts'
import { refuseText } from './refuse-text.ts'
import { type Result, resultOf } from './result.ts'
import { type SendableCommand, type Sent, sendCommand } from './send.ts'
import { withToolViews } from './settle-views.ts'
import { type Started, type StartOptions, startSession } from './start.ts'
import { type WatchItem, type WatchOptions, watch } from './watch.ts'
import { wiring as shippedWiring, type Wiring } from './wiring.ts'

/** Names a session; `tenant` is `default` where the application has only one. */
export type SessionName = { readonly sessionId: string; readonly tenant?: string }

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
  /** What people have to decide, and their answers. */
  readonly approvals: Approvals
  /** Drains: starts nothing more, lets `unsafe` calls finish within `graceMs`, lets go of every session. A second call is safe. */
  stop(): Promise<void>
}

/** A command as people write it; an id is made where none is given. */
export type WithoutCommandId<C> = C extends { readonly commandId: string }
  ? Omit<C, 'commandId'> & { readonly commandId?: string }
  : never

export function buildRuntime(
  options: RuntimeOptions & { readonly engine: Engine | null },
  wiring: Wiring = shippedWiring,
): Runtime {
  const { store, agents } = options
  const limits = { ...defaultLimits, ...options.limits }
  const env = options.env ?? nodeEnv()
  const clock = createStoreClock(env)
  const hub = createHub()
  const driving = createDriving({ options, limits, env, clock, hub, wiring })
  const agentsByName = byName(agents)
  const context = {
    store,
    env,
    hub,
    wiring,
    clock,
    limits,
    agents: agentsByName,
    streamBuffer: limits.streamBuffer,
    noticeMs: limits.noticeMs,
  }
  const send = async (ref: SessionRef, command: SendableCommand): Promise<Sent> => {
    const refused = refuseText(ref, command, limits)
    if (refused !== null) return refused
    const whole = command.type === 'settle' ? await withToolViews(context, ref, command) : command
    const sent = await sendCommand(context, ref, whole)
    hub.committed(ref)
    driving.poke(ref)
    return sent
  }
  const withId = (command: WithoutCommandId<SendableCommand>) =>
    ({ ...command, commandId: command.commandId ?? env.uuid() }) as SendableCommand
  return {
    start: async (agent, startOptions) => {
      const started = await startSession(context, agent, startOptions)
      driving.poke(started)
      return started
    },
    send: (session, command) => send(refOf(session), withId(command)),
    watch: (session, watchOptions = {}) => watch(context, refOf(session), watchOptions),
    result: (session, resultOptions = {}) => resultOf(context, refOf(session), resultOptions.signal),
    approvals: createApprovals({ ...context, send, newCommandId: () => env.uuid() }),
    stop: driving.stop,
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

export function refOf({ sessionId, tenant = 'default' }: SessionName): SessionRef {
  return { tenant, sessionId }
}
