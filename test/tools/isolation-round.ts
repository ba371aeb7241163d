/** A tool beside the runtime that never ends: after its grace, and when its runtime is killed, nothing of it runs on. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { agent, type Outcome, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { memoryStore } from 'pawl/stores/memory'
import { z } from 'zod'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, decodeEvent, type Wiring, wiring } from '../../src/runtime/index.ts'
import { startWorker } from './child.ts'
import { inRound } from './round.ts'
import { eventually } from './wait.ts'

export type IsolationPlan = {
  readonly isolation: 'worker' | 'process'
  readonly module: 'worker-spin-tool' | 'worker-hoard-tool'
  /** A planted bug: what is to be ended runs on. */
  readonly isKillForgotten: boolean
}

/** Under load a process takes its time to start, and a tool that has not begun proves nothing. */
const TIMEOUT_MS = 2_500
const GRACE_MS = 200
const MEMORY_BYTES = 67_108_864
const MAX_WAIT_MS = 30_000
/** A tool that lives writes some fifty times in this. */
const WATCHED_MS = 250

export async function isolationRound(plan: IsolationPlan): Promise<readonly string[]> {
  return inRound({ limits: {}, bug: null, isPlanted: plan.isKillForgotten }, async ({ orders, violations }) => {
    const file = join(orders.deedsPath, '..', 'spun')
    const ends: (() => Promise<void>)[] = []
    const { outcome, later } = await runBeside(plan, file, ends)
    const says = plan.module === 'worker-spin-tool' ? /: it was killed$/ : /isolatedMemoryBytes allows 64 MiB/
    if (outcome?.type !== 'retryable_error' || !says.test(outcome.message))
      violations.push(`outcome: ${JSON.stringify(outcome)}`)
    if (plan.module === 'worker-spin-tool') violations.push(...(await livesOn(file)))
    if (later !== 'done') violations.push(`later: another session of the same runtime is ${later}`)
    for (const end of ends) await end()
  })
}

/** The worker is killed, with a tool in a process of its own that blocks its own loop, and has started another process. */
export async function orphanRound(): Promise<readonly string[]> {
  return inRound({ limits: {}, bug: null }, async (round) => {
    const file = join(round.orders.deedsPath, '..', 'spun')
    await round.start({ tool: 'spin', ms: 0, file })
    const worker = startWorker(round.orders)
    const isSpinning = await eventually(() => sizeOf(file) > 0 || null, MAX_WAIT_MS)
    if (isSpinning === null) round.violations.push(`start: the tool did not begin: ${worker.complaints()}`)
    worker.signal('SIGKILL')
    await worker.ended
    // From the end of a pipe to a signal of its own.
    await after(WATCHED_MS)
    round.violations.push(...(await livesOn(file)))
  })
}

type Ran = { readonly outcome: Outcome | undefined; readonly later: string }

async function runBeside(plan: IsolationPlan, file: string, ends: (() => Promise<void>)[]): Promise<Ran> {
  const store = memoryStore()
  const clerk = agent({
    name: 'clerk',
    instructions: 'Work.',
    model: scripted(({ messages }, { turn }) => {
      const isCalm = JSON.stringify(messages).includes('be calm')
      return turn === 1 && !isCalm ? { calls: [{ tool: 'beside', input: { file } }] } : 'done'
    }),
    tools: [
      tool({
        name: 'beside',
        description: 'Runs beside.',
        effect: 'read',
        input: z.object({ file: z.string() }),
        timeoutMs: plan.module === 'worker-spin-tool' ? TIMEOUT_MS : MAX_WAIT_MS,
        isolation: plan.isolation,
        module: new URL(`./${plan.module}.ts`, import.meta.url),
      }),
    ],
  })
  const limits = { graceMs: GRACE_MS, isolatedMemoryBytes: MEMORY_BYTES }
  const parts = plan.isKillForgotten ? forgetful(ends) : wiring
  const runtime = buildRuntime({ store, agents: [clerk], engine: embedded(), limits }, parts)
  const { sessionId } = await runtime.start('clerk', { message: 'go' })
  const calm = await runtime.start('clerk', { message: 'be calm' })
  const [, later] = await Promise.all([runtime.result({ sessionId }), runtime.result(calm)])
  const ref = { tenant: 'default', sessionId }
  const log = (await store.read(ref, 0, 1_000)).map((stored) => decodeEvent(ref, stored).event)
  await runtime.stop()
  const outcome = log.flatMap((event) => (event.type === 'call_finished' ? [event.outcome] : []))[0]
  return { outcome, later: later.status.type }
}

function forgetful(ends: (() => Promise<void>)[]): Wiring {
  return {
    ...wiring,
    startIsolated: (isolation, call) => {
      const started = wiring.startIsolated(isolation, call)
      ends.push(started.end)
      return { ...started, end: async () => {} }
    },
  }
}

async function livesOn(file: string): Promise<readonly string[]> {
  const before = sizeOf(file)
  await after(WATCHED_MS)
  const grown = sizeOf(file) - before
  if (before === 0) return ['start: the tool had not begun']
  return grown === 0 ? [] : [`lives: the tool ran on, and wrote ${grown} bytes in ${WATCHED_MS} ms`]
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
