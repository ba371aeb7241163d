/** A runtime in a test: the shipped driver and engine over the in-memory store, by a manual clock, with what happens under control. */
import { z } from 'zod'
import type { Limits, LogEvent, PawlEvent } from '../core/index.ts'
import { embedded } from '../engines/embedded.ts'
import { type ScriptedDecision, scripted } from '../models/scripted.ts'
import type { AnyTool, Model, Policy, Store, Tool, ToolContext } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { type ManualEnv, manualEnv } from '../testing/manual-env.ts'
import { type Agent, agent, tool } from './define.ts'
import { decodeEvent } from './encode.ts'
import type { MemoryStrategy, Processor } from './memory-options.ts'
import { buildRuntime, type Runtime } from './runtime.ts'
import type { SecretResolver } from './secrets.ts'
import type { StartOptions } from './start.ts'
import type { WatchItem, WatchOptions } from './watch.ts'

export type WorldOptions = {
  readonly script?: readonly ScriptedDecision[]
  readonly model?: Model
  readonly tools?: readonly AnyTool[]
  readonly policies?: readonly Policy[]
  readonly agents?: readonly Agent[]
  readonly budget?: Agent['budget'] extends infer Budget ? Partial<Budget> : never
  readonly closing?: Agent['closing']
  readonly limits?: Partial<Limits>
  readonly memory?: readonly MemoryStrategy[]
  readonly processor?: Processor
  /** To share with other processes of the test. */
  readonly env?: ManualEnv
  readonly store?: Store
  readonly isDriving?: boolean
  readonly secrets?: SecretResolver
}

export interface World {
  readonly runtime: Runtime
  readonly store: Store
  readonly env: ManualEnv
  /** What was reported as a problem. */
  readonly problems: unknown[]
  /** Starts a session and lets everything happen that needs no time. */
  start(options?: Partial<StartOptions>): Promise<string>
  log(sessionId: string): Promise<readonly LogEvent[]>
  kinds(sessionId: string): Promise<readonly string[]>
  find<K extends PawlEvent['type']>(sessionId: string, kind: K): Promise<Extract<PawlEvent, { type: K }>[]>
}

export function world(options: WorldOptions = {}): World {
  const env = options.env ?? manualEnv()
  const store = options.store ?? memoryStore({ now: env.now })
  const problems: unknown[] = []
  const runtime = buildRuntime({
    store,
    agents: options.agents ?? [clerk(options)],
    env,
    engine: options.isDriving === false ? null : embedded(),
    onProblem: (problem) => problems.push(problem),
    ...(options.limits && { limits: options.limits }),
    ...(options.secrets && { secrets: options.secrets }),
  })
  const log = async (sessionId: string) => {
    const ref = { tenant: 'default', sessionId }
    return (await store.read(ref, 0, 10_000)).map((stored) => decodeEvent(ref, stored))
  }
  return {
    runtime,
    store,
    env,
    problems,
    log,
    start: async (start = {}) => {
      const { sessionId } = await runtime.start('clerk', { message: 'refund me', ...start })
      await env.settle()
      return sessionId
    },
    kinds: async (sessionId) => (await log(sessionId)).map(({ event }) => event.type),
    find: async (sessionId, kind) => {
      const events = (await log(sessionId)).map(({ event }) => event).filter(({ type }) => type === kind)
      // Filtered by exactly this kind.
      return events as never
    },
  }
}

export function clerk(options: WorldOptions = {}): Agent {
  const { model, script = ['done'], tools = [], policies, budget, closing, memory, processor } = options
  return agent({
    name: 'clerk',
    instructions: 'You refund.',
    model: model ?? scripted(script),
    tools,
    policies: policies ?? [openAll(tools)],
    ...(budget && { budget }),
    ...(closing && { closing }),
    ...(memory && { memory }),
    ...(processor && { processor }),
  })
}

/** A policy that allows them all, by name. */
export function openAll(tools: readonly AnyTool[]): Policy {
  return { name: 'open', version: '1', tools: tools.map(({ name }) => name), check: () => ({ type: 'allow' }) }
}

export function policy(check: Policy['check'], tools: Policy['tools'] = ['pay']): Policy {
  return { name: 'rule', version: '1', tools, check }
}

type Effect = Tool['effect']
type More = Partial<Omit<Tool<Record<string, unknown>, unknown>, 'name' | 'effect' | 'run'>>

/** A tool that takes any object. */
export function anyTool(
  name: string,
  effect: Effect,
  run: (input: Record<string, unknown>, context: ToolContext) => unknown,
  ...[more = {}]: readonly More[]
): AnyTool {
  const input = z.record(z.string(), z.unknown())
  return tool<Record<string, unknown>, unknown>({ name, description: name, effect, input, run, ...more })
}

/** A tool whose calls wait until the test ends them. */
export function heldTool(name: string, effect: Effect, ...more: readonly More[]) {
  const calls: {
    readonly context: ToolContext
    readonly end: (output?: unknown) => void
    readonly fail: (problem: unknown) => void
  }[] = []
  const run = (_: unknown, context: ToolContext) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    calls.push({ context, end: resolve, fail: reject })
    return promise
  }
  return { tool: anyTool(name, effect, run, ...more), calls }
}

export const calls = (...tools: readonly string[]): ScriptedDecision => ({
  calls: tools.map((name) => ({ tool: name, input: {} })),
})

/** Everything that a watch yields until it ends. */
export async function collect(watching: AsyncIterable<WatchItem>): Promise<readonly WatchItem[]> {
  const items: WatchItem[] = []
  for await (const item of watching) items.push(item)
  return items
}

/** Reads on in the background. */
export function reading(runtime: Runtime, sessionId: string, options: WatchOptions = {}) {
  const items: WatchItem[] = []
  let isOver = false
  const done = (async () => {
    for await (const item of runtime.watch({ sessionId }, options)) items.push(item)
    isOver = true
  })()
  return {
    items,
    done,
    get isOver() {
      return isOver
    },
  }
}

/** The store with some of its methods replaced. */
export function replaced(store: Store, methods: Partial<Store>): Store {
  return { ...store, ...methods }
}
