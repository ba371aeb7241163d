/** Opens a file with one session that is due, and stops at the request for its next decision: `node resume-session.ts <file>`. */
import { agent, createRuntime, tool } from 'pawl'
import { allowTools } from 'pawl/policies'
import { sqliteStore } from 'pawl/stores/sqlite'
import { add, addInput, instructions } from '../sides/scenario.ts'

const [path = ''] = process.argv.slice(2)
const asked = Promise.withResolvers<number>()
const addTool = tool({ name: 'add', description: 'Adds two numbers.', effect: 'read', input: addInput, run: add })
const tally = agent({
  name: 'tally',
  instructions,
  model: {
    id: 'scripted',
    price: { inputMicroUsdPerMTok: 0, outputMicroUsdPerMTok: 0 },
    generate: () => {
      asked.resolve(performance.now())
      return new Promise(() => {})
    },
  },
  tools: [addTool],
  policies: [allowTools([addTool])],
})
const startedAt = performance.now()
const store = sqliteStore(path)
const runtime = createRuntime({ store, agents: [tally] })
const ms = (await asked.promise) - startedAt
await runtime.stop()
await store.close()
console.log(JSON.stringify({ ms }))
