/** The same jobs in the runtime that ships: its driver over one of the two stores, by a manual clock that the tools wait on. */
import { ToolError } from 'pawl'
import type { EffectClass, JsonObject } from 'pawl/core'
import { scripted } from '../../src/models/scripted.ts'
import { agent } from '../../src/runtime/define.ts'
import { anyTool, openAll, world } from '../../src/runtime/world.fixture.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { sqliteStore } from '../../src/stores/sqlite/store.ts'
import { manualEnv } from '../../src/testing/manual-env.ts'
import { type Job, LONG_MS, outcomeFor, readInput, recoveryRows } from './job.ts'
import type { Logged } from './virtual-clock.ts'
import { toolNames } from './workflow.ts'

export type StoreName = 'memory' | 'sqlite'

/** The log, from the session's first event to its last. */
export async function playInRuntime(job: Job, name: StoreName): Promise<readonly Logged[]> {
  const env = manualEnv()
  const { now } = env
  const store =
    name === 'memory' ? memoryStore({ now }) : sqliteStore({ path: ':memory:', now, defer: (flush) => flush() })
  const tools = Object.entries(toolNames).map(([effect, name]) => {
    // The keys of the table are effect classes.
    return anyTool(name, effect as EffectClass, (input) => run(job, env.setTimer, input as JsonObject), {
      timeoutMs: LONG_MS / 1_000,
    })
  })
  const { maxParallel, plan } = job
  const planner = agent({
    name: 'clerk',
    instructions: '',
    model: scripted([]),
    tools,
    policies: [openAll(tools)],
    planning: {
      planner: null,
      router: null,
      maxParallelTasks: maxParallel,
      taskTimeoutMs: LONG_MS,
      recovery: recoveryRows,
    },
    budget: { maxEvents: 1_000_000, maxWallClockMs: LONG_MS },
  })
  const limits = { maxConcurrentCalls: maxParallel * 2, leaseMs: LONG_MS, noticeMs: LONG_MS, warnEvents: 1_000_000 }
  const { start, log, runtime, problems } = world({ agents: [planner], env, limits, store })
  const sessionId = await start({ plan })
  const allMs = job.workflow.tasks.reduce((sum, { runtimeMs }) => sum + runtimeMs, 0)
  await env.advance(allMs + 1)
  const events = await log(sessionId)
  await runtime.stop()
  await store.close()
  if (problems.length > 0) throw problems[0]
  return events.map(({ at, event }) => ({ at, event }))
}

type SetTimer = (delayMs: number, callback: () => void) => () => void

function run(job: Job, setTimer: SetTimer, input: JsonObject): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const outcome = outcomeFor(job, input)
  setTimer(job.runtimeMs.get(readInput(input).taskId) ?? LONG_MS, () => {
    if (outcome.type === 'ok') resolve(outcome.output)
    else reject(new ToolError('it is broken', { retryable: false, tookEffect: false }))
  })
  return promise
}

/** Where two logs of one job part: what happened, to whom, and when since the first call began. Null: nowhere. */
export function differenceOf(one: readonly Logged[], other: readonly Logged[]): string | null {
  const [left, right] = [said(one), said(other)]
  const at = left.findIndex((line, index) => line !== right[index])
  if (at === -1 && left.length === right.length) return null
  const place = at === -1 ? left.length : at
  return `event ${place + 1}: "${left[place] ?? 'none'}", and "${right[place] ?? 'none'}"`
}

function said(log: readonly Logged[]): readonly string[] {
  const first = log.find(({ event }) => event.type === 'call_started')?.at ?? 0
  return log.map(({ at, event }) => {
    const { taskId = '', callId = '' } = event as { taskId?: string; callId?: string }
    return `${event.type} ${taskId} ${callId} ${Math.max(0, at - first)}`
  })
}
