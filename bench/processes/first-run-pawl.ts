/** Import and first run of Pawl, in a fresh process: `node first-run-pawl.ts <file> <zod | plain>`; answers milliseconds. */
import type { Tool } from 'pawl'

type Numbers = { readonly a: number; readonly b: number }

const [path = '', library = ''] = process.argv.slice(2)
const startedAt = performance.now()
const { agent, createRuntime, tool } = await import('pawl')
const { scripted } = await import('pawl/models/scripted')
const { sqliteStore } = await import('pawl/stores/sqlite')
const input = library === 'zod' ? await zodSchema() : plainSchema()
const importedAt = performance.now()
const add = tool({
  name: 'add',
  description: 'Adds two numbers.',
  effect: 'read',
  input,
  run: ({ a, b }) => ({ sum: a + b }),
})
const model = scripted([{ calls: [{ tool: 'add', input: { a: 1, b: 2 } }] }, 'The sum is 3.'])
const store = sqliteStore(path)
const runtime = createRuntime({
  store,
  agents: [agent({ name: 'tally', instructions: 'You add.', model, tools: [add] })],
})
const { text } = await runtime.result(await runtime.start('tally', { message: 'What is 1 + 2?' }))
const endedAt = performance.now()
await runtime.stop()
await store.close()
if (text !== 'The sum is 3.') throw new Error(`expected the sum, found ${text}`)
console.log(JSON.stringify({ importMs: importedAt - startedAt, ms: endedAt - startedAt }))

async function zodSchema(): Promise<Tool<Numbers, unknown>['input']> {
  const { z } = await import('zod')
  return z.object({ a: z.number(), b: z.number() })
}

/** Standard Schema by hand: what a library would answer, without one. */
function plainSchema(): Tool<Numbers, unknown>['input'] {
  const number = { type: 'number' }
  const described = { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] }
  const isNumbers = (value: unknown): value is Numbers =>
    typeof value === 'object' &&
    value !== null &&
    'a' in value &&
    'b' in value &&
    typeof value.a === 'number' &&
    typeof value.b === 'number'
  const validate = (value: unknown) =>
    isNumbers(value) ? { value } : { issues: [{ message: 'expected two numbers' }] }
  const jsonSchema = { input: () => described, output: () => described }
  const standard = { version: 1, vendor: 'bench', validate, jsonSchema } as const
  return { '~standard': standard }
}
