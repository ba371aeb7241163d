/** A plan carried out in memory, by a clock that the test moves. */
import { type Agent, createRuntime, type Result, type Runtime, type StartOptions } from 'pawl'
import { memoryStore } from 'pawl/stores/memory'
import { manualEnv } from 'pawl/testing'
import { onTestFinished } from 'vitest'

export type Rested = { readonly runtime: Runtime; readonly result: Result; again(): Promise<Result> }

/** Until it rests, with time enough for every retry. */
export async function restOf(agent: Agent, options: StartOptions): Promise<Rested> {
  const env = manualEnv()
  const runtime = createRuntime({ store: memoryStore({ now: env.now }), agents: [agent], env })
  onTestFinished(() => runtime.stop())
  const session = await runtime.start(agent.name, options)
  const again = async () => {
    await env.settle()
    await env.advance(120_000)
    return runtime.result(session)
  }
  return { runtime, result: await again(), again }
}
