/** One long session of Pawl: when each of its turns began. */
import { agent, createRuntime, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { sqliteStore } from 'pawl/stores/sqlite'
import { add, addInput, instructions, question, saying, usage } from './scenario.ts'

/** Milliseconds of each turn, from one request to the model to the next; the last turn is not among them. */
export async function runLongSession(path: string, turns: number): Promise<readonly number[]> {
  const asked: number[] = []
  const addTool = tool({ name: 'add', description: 'Adds two numbers.', effect: 'read', input: addInput, run: add })
  const model = scripted((_request, { turn }) => {
    asked.push(performance.now())
    return { text: saying, calls: [{ tool: 'add', input: { a: turn, b: 1 } }], usage }
  })
  const budget = { maxTurns: turns, maxEvents: turns * 8 + 100, maxWallClockMs: 24 * 3_600_000 }
  const tally = agent({
    name: 'tally',
    instructions,
    model,
    tools: [addTool],
    policies: [allowTools([addTool])],
    budget,
  })
  const store = sqliteStore(path)
  const runtime = createRuntime({ store, agents: [tally], limits: { warnEvents: budget.maxEvents } })
  const session = await runtime.start('tally', { message: question })
  for await (const _ of runtime.watch(session, { after: turns * 6 })) {
    // Only the end is waited for.
  }
  await runtime.stop()
  await store.close()
  return asked.slice(1).map((at, index) => at - (asked[index] ?? at))
}
