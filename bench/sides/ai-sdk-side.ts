/** The AI SDK's side: its own loop, which keeps nothing. */
import { generateText, isStepCount, tool } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { add, addInput, instructions, type Load, question, saying, usage } from './scenario.ts'

const { inputTokens, outputTokens } = usage

const addTool = tool({ description: 'Adds two numbers.', inputSchema: addInput, execute: async (input) => add(input) })

/** Runs as many loops, as many at once, of as many turns; answers the milliseconds of all of it. */
export async function runLoops({
  sessions,
  turns,
  inFlight,
}: Load): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  let left = sessions
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await runLoop(turns)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  return { ms, cpuMs: (user + system) / 1_000 }
}

export async function runLoop(turns: number): Promise<void> {
  let turn = 0
  const model = new MockLanguageModelV4({
    doGenerate: async () => {
      turn += 1
      return {
        content: [
          { type: 'text', text: saying },
          { type: 'tool-call', toolCallId: `call-${turn}`, toolName: 'add', input: JSON.stringify({ a: turn, b: 1 }) },
        ],
        finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
        usage: {
          inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: outputTokens, text: outputTokens, reasoning: undefined },
        },
        warnings: [],
      }
    },
  })
  const { steps } = await generateText({
    model,
    system: instructions,
    prompt: question,
    tools: { add: addTool },
    stopWhen: isStepCount(turns),
  })
  if (steps.length !== turns) throw new Error(`expected ${turns} steps of the AI SDK's loop, found ${steps.length}`)
}
