/** Sessions that call one tool, through the shipped driver and engine: in memory or on a file of SQLite, by a manual clock. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { agent, type Outcome, type PawlEvent, tool } from 'pawl'
import { type Draft, encodeState, fold, type LogEvent } from 'pawl/core'
import { type Script, scripted } from 'pawl/models/scripted'
import type { AnyTool, Policy, Store } from 'pawl/ports'
import { memoryStore } from 'pawl/stores/memory'
import { sqliteStore } from 'pawl/stores/sqlite'
import { z } from 'zod'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, canonicalJson, decodeEvent, type Runtime, wiring } from '../../src/runtime/index.ts'
import { type ManualEnv, manualEnv } from '../../src/testing/manual-env.ts'

export const storeNames = ['memory', 'sqlite'] as const
export type StoreName = (typeof storeNames)[number]
export const effects = ['read', 'idempotent', 'unsafe'] as const
export type Effect = (typeof effects)[number]

export const TIMEOUT_MS = 1_000
export const GRACE_MS = 500
/** More than any session of these tests takes, in steps of the engine's look. */
const MAX_STEPS = 80
const STEP_MS = 250

export type Run = (input: never, context: never) => unknown

/** A tool that takes any object, and does what the test says. */
export function work(effect: Effect, run: Run, more: object = {}): AnyTool {
  const terms = { name: 'work', description: 'Works.', effect, timeoutMs: TIMEOUT_MS, input: z.looseObject({}) }
  // The run of a test may answer anything, and its other members too: that is what is tested.
  return { ...tool({ ...terms, run: run as never }), ...more } as AnyTool
}

const calm = tool({ name: 'calm', description: 'Calm.', effect: 'read', input: z.object({}), run: () => 'calm' })

export type World = {
  readonly runtime: Runtime
  readonly store: Store
  readonly env: ManualEnv
  readonly problems: readonly unknown[]
  /** What the model was shown, in order. */
  readonly prompts: readonly string[]
  /** Starts a session with this message, and lets time pass until nobody drives it. */
  drive(message: string): Promise<string>
  log(sessionId: string): Promise<readonly LogEvent[]>
  outcomes(sessionId: string): Promise<readonly Outcome[]>
  events<K extends PawlEvent['type']>(sessionId: string, kind: K): Promise<readonly Extract<PawlEvent, { type: K }>[]>
  /** The live state of the driver, and the fold of what stands in the log. */
  states(sessionId: string): Promise<{ readonly live: string; readonly folded: string }>
  status(sessionId: string): Promise<string>
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export type WorldOptions = {
  readonly store: StoreName
  readonly tool: AnyTool
  readonly policies?: readonly Policy[]
  /** A planted bug. */
  readonly plant?: (store: Store) => Store
}

export async function inWorld<T>(options: WorldOptions, body: (world: World) => Promise<T>): Promise<T> {
  const world = openWorld(options)
  try {
    return await body(world)
  } finally {
    await world.close()
  }
}

const openPolicy: Policy = { name: 'open', version: '1', tools: ['work'], check: () => ({ type: 'allow' }) }
const callOnce: Script = ({ messages }, { turn }) => {
  const isCalm = JSON.stringify(messages).includes('be calm')
  return turn === 1 ? { calls: [{ tool: isCalm ? 'calm' : 'work', input: {} }] } : 'done'
}

function openWorld(options: WorldOptions): World {
  const { policies = [openPolicy] } = options
  const env = manualEnv()
  const { store: sound, close } = openStore(options.store, env)
  const store = options.plant?.(sound) ?? sound
  const problems: unknown[] = []
  const prompts: string[] = []
  const drafts = new Map<string, Draft>()
  const model = scripted(callOnce)
  const runtime = buildRuntime(
    {
      store,
      agents: [
        agent({
          name: 'clerk',
          instructions: 'Work.',
          model: {
            ...model,
            generate: (request, generation) => {
              prompts.push(JSON.stringify(request.messages))
              return model.generate(request, generation)
            },
          },
          tools: [options.tool, calm],
          policies,
        }),
      ],
      env,
      engine: embedded(),
      limits: { graceMs: GRACE_MS },
      onProblem: (problem) => problems.push(problem),
    },
    {
      ...wiring,
      keepPass: (draft) => {
        wiring.keepPass(draft)
        drafts.set(draft.state.sessionId, draft)
      },
    },
  )
  const log = async (sessionId: string) => {
    const ref = { tenant: 'default', sessionId }
    return (await store.read(ref, 0, 10_000)).map((stored) => decodeEvent(ref, stored))
  }
  const events: World['events'] = async (sessionId, kind) => {
    const found = (await log(sessionId)).map(({ event }) => event).filter(({ type }) => type === kind)
    // Filtered by exactly this kind.
    return found as never
  }
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      await quiet(env)
      await env.advance(Math.min(STEP_MS, ms - passed))
    }
    await quiet(env)
  }
  const isAtRest = async (sessionId: string) => {
    const head = await store.head({ tenant: 'default', sessionId })
    return head !== null && head.workerId === null && (head.wakeAt === null || head.wakeAt > env.now())
  }
  return {
    runtime,
    store,
    env,
    problems,
    prompts,
    log,
    events,
    pass,
    outcomes: async (sessionId) => (await events(sessionId, 'call_finished')).map(({ outcome }) => outcome),
    states: async (sessionId) => {
      const live = drafts.get(sessionId)?.state
      if (live === undefined) throw new Error('expected a session that was driven')
      const folded = fold('default', sessionId, await log(sessionId))
      return {
        live: canonicalJson(JSON.parse(encodeState(live))),
        folded: canonicalJson(JSON.parse(encodeState(folded))),
      }
    },
    status: async (sessionId) => (await store.head({ tenant: 'default', sessionId }))?.status ?? 'no such session',
    drive: async (message) => {
      const { sessionId } = await runtime.start('clerk', { message })
      await quiet(env)
      for (let step = 0; step < MAX_STEPS && !(await isAtRest(sessionId)); step += 1) await pass(STEP_MS)
      return sessionId
    },
    close: async () => {
      const stopping = runtime.stop()
      await pass(GRACE_MS * 2)
      await stopping
      await close()
    },
  }
}

/** A file answers over some turns of the loop more than memory does. */
async function quiet(env: ManualEnv): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await env.settle()
}

function openStore(
  name: StoreName,
  { now }: ManualEnv,
): { readonly store: Store; readonly close: () => Promise<void> } {
  if (name === 'memory') {
    const store = memoryStore({ now })
    return { store, close: () => store.close() }
  }
  const folder = mkdtempSync(join(tmpdir(), 'pawl-tools-'))
  const store = sqliteStore({ path: join(folder, 'sessions.db'), durability: 'process_crash', now })
  const close = async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { store, close }
}
