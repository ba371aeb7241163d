/** A desk for tests: the agent over a fresh world and a store in memory, closed when the test has finished. */
import { type Budget, createRuntime, type Limits, type Model, type Runtime, type SessionName } from 'pawl'
import { memoryStore } from 'pawl/stores/memory'
import { onTestFinished } from 'vitest'
import { supportTriage } from './agent.ts'
import { scriptedModel } from './model.ts'
import { openWorld, type World } from './world/open-world.ts'

export type DeskOptions = {
  readonly model?: Model
  readonly budget?: Partial<Budget>
  readonly limits?: Partial<Limits>
}

export type Desk = {
  readonly world: World
  readonly runtime: Runtime
  /** Starts a session in the name of the customer. */
  write(message: string): Promise<SessionName>
  /** The message, and what came of it: the end, or what people have to decide. */
  ask(message: string): ReturnType<Runtime['result']>
}

export const customer = 'customer@example.com'
export const chargedTwice = "I was charged twice and your docs didn't help"

export function openDesk({ model = scriptedModel(), budget, limits }: DeskOptions = {}): Desk {
  const world = openWorld(':memory:')
  const triage = supportTriage({ world, model, ...(budget !== undefined && { budget }) })
  const runtime = createRuntime({
    store: memoryStore(),
    agents: [triage],
    ...(limits !== undefined && { limits }),
  })
  onTestFinished(async () => {
    await runtime.stop()
    world.close()
  })
  const write = (message: string) => runtime.start(triage.name, { message, requester: { type: 'user', id: customer } })
  return { world, runtime, write, ask: async (message) => runtime.result(await write(message)) }
}

/** Waits for the end, over whatever the session waits for in between. */
export async function endOf({ runtime }: Desk, session: SessionName): ReturnType<Runtime['result']> {
  for await (const _ of runtime.watch(session));
  return runtime.result(session)
}

/** How many rows a table of the world has. */
export function countRows(world: World, table: 'refund_cases' | 'refund_attempts' | 'escalations'): number {
  const { rows } = world.database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() ?? {}
  return Number(rows)
}
