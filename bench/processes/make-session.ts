/** Leaves a session of so many events whose next decision is due: `node make-session.ts <file> <events>`. */
import { agent, createRuntime, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { sqliteStore } from 'pawl/stores/sqlite'
import { add, addInput, instructions, question, saying, usage } from '../sides/scenario.ts'

const EVENTS_PER_TURN = 6

const [path = '', events = '0'] = process.argv.slice(2)
const turns = Math.ceil(Number(events) / EVENTS_PER_TURN)
const reached = Promise.withResolvers<void>()
const addTool = tool({ name: 'add', description: 'Adds two numbers.', effect: 'read', input: addInput, run: add })
const model = scripted((_request, { turn }) => {
  if (turn <= turns) return { text: saying, calls: [{ tool: 'add', input: { a: turn, b: 1 } }], usage }
  reached.resolve()
  // The last request is not answered: the session is left in the middle of it.
  return new Promise(() => {})
})
const budget = { maxTurns: turns + 10, maxEvents: 1_000_000, maxWallClockMs: 24 * 3_600_000 }
const store = sqliteStore(path)
const tally = agent({ name: 'tally', instructions, model, tools: [addTool], policies: [allowTools([addTool])], budget })
const runtime = createRuntime({ store, agents: [tally], limits: { warnEvents: budget.maxEvents } })
const { sessionId } = await runtime.start('tally', { message: question })
await reached.promise
await runtime.stop()
const head = await store.head({ tenant: 'default', sessionId })
await store.close()
console.log(JSON.stringify({ events: head?.version ?? 0 }))
