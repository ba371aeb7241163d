/**
 * Import and first run of the AI SDK, in a fresh process: `node first-run-ai-sdk.ts <zod | plain>`; answers milliseconds. The
 * model is an object: nothing is loaded for it.
 */
import type { LanguageModelV4 } from '@ai-sdk/provider'

const [library = ''] = process.argv.slice(2)
const startedAt = performance.now()
const { generateText, isStepCount, jsonSchema, tool } = await import('ai')
const inputSchema = library === 'zod' ? await zodSchema() : plainSchema()
const importedAt = performance.now()
const add = tool({
  description: 'Adds two numbers.',
  inputSchema,
  execute: async ({ a, b }) => ({ sum: a + b }),
})
let turn = 0
const model: LanguageModelV4 = {
  specificationVersion: 'v4',
  provider: 'bench',
  modelId: 'bench',
  supportedUrls: {},
  doGenerate: async () => {
    turn += 1
    const usage = {
      inputTokens: { total: 9, noCache: 9, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: 9, text: 9, reasoning: undefined },
    }
    if (turn > 1) {
      return {
        content: [{ type: 'text', text: 'The sum is 3.' }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage,
        warnings: [],
      }
    }
    const call = { type: 'tool-call', toolCallId: 'call-1', toolName: 'add', input: '{"a":1,"b":2}' } as const
    return { content: [call], finishReason: { unified: 'tool-calls', raw: 'tool_calls' }, usage, warnings: [] }
  },
  doStream: () => Promise.reject(new Error('not used')),
}
const { text } = await generateText({
  model,
  system: 'You add.',
  prompt: 'What is 1 + 2?',
  tools: { add },
  stopWhen: isStepCount(5),
})
const endedAt = performance.now()
if (text !== 'The sum is 3.') throw new Error(`expected the sum, found ${text}`)
console.log(JSON.stringify({ importMs: importedAt - startedAt, ms: endedAt - startedAt }))

async function zodSchema() {
  const { z } = await import('zod')
  return z.object({ a: z.number(), b: z.number() })
}

function plainSchema() {
  const number = { type: 'number' } as const
  return jsonSchema<{ a: number; b: number }>({
    type: 'object',
    properties: { a: number, b: number },
    required: ['a', 'b'],
  })
}
