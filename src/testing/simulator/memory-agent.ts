/** The agent of a world that has much to remember: tools with large outputs, a processor, and histories that are soon too long. */
import type { Json } from '../../core/index.ts'
import type { AnyTool } from '../../ports/index.ts'
import {
  type AgentOptions,
  type MemoryStrategy,
  type Processor,
  retrieve,
  summarize,
  tool,
  window,
  workingFacts,
} from '../../runtime/index.ts'
import { memoryModel } from './memory-model.ts'
import { drawPatch } from './memory-patches.ts'
import { largeTools, type MemoryShape, RAW } from './memory-shape.ts'
import { toolsOfPlans } from './planner-model.ts'
import { messageText, tagsIn } from './random-model.ts'
import { amount, TOOL_TIMEOUT_MS } from './workload.ts'
import type { World } from './world.ts'

const common = () => ({ effect: 'read', timeoutMs: TOOL_TIMEOUT_MS, input: amount }) as const
const MANY = 'all of this is more than anybody wants to read in one go'

const moreTools = (): readonly AnyTool[] => [
  tool({
    name: 'dig',
    description: 'finds rows',
    ...common(),
    run: ({ amount: count }, { tenant, sessionId }) => ({
      paid: count,
      // Others have the same bytes where nothing says whose they are.
      ...(count % 2 === 1 && { whose: messageText(tenant, sessionId, '') }),
      items: Array.from({ length: 9 * count - 7 }, (_, row) => ({
        row,
        word: `w${row * count}`,
        what: `${RAW} ${MANY}`,
      })),
    }),
  }),
  tool({
    name: 'tome',
    description: 'tells all of it',
    ...common(),
    run: ({ amount: count }, { tenant, sessionId }) =>
      Array.from({ length: 12 * count }, (_, line) => `${line} w${line * count} ${RAW} ${MANY}`)
        .concat(count % 2 === 1 ? [messageText(tenant, sessionId, '')] : [])
        .join('\n'),
    present: (told: string) => ({ lines: told.split('\n').length }),
  }),
]

export function rememberingAgent(world: World, memory: MemoryShape, plain: AgentOptions): AgentOptions {
  const { tools = [], specialists = [] } = plain
  return {
    ...plain,
    model: memoryModel(world, memory, plain.model),
    tools: [...tools.map(enlarged), ...moreTools()],
    specialists: specialists.map((each) => ({ ...each, tools: [...(each.tools ?? []), ...largeTools] })),
    memory: strategies(memory),
    ...(memory.processor !== 'none' && { processor: processorOf(world, memory) }),
  }
}

/** A list whose tasks are about elements of an artifact. */
function enlarged(each: AnyTool): AnyTool {
  if (each.name !== 'list') return each
  return {
    ...each,
    run: async (input: { readonly amount: number }, context) => {
      const answer: unknown = await each.run(input as never, context)
      return input.amount === 2 ? answer : { ...(answer as object), besides: `${RAW} ${MANY} `.repeat(30) }
    },
  }
}

function strategies(memory: MemoryShape): readonly MemoryStrategy[] {
  const { windowTurns, whenTokens, keepTurns, retrieves, maxFacts, pinAt, hasSummarizer, hasCompressor } = memory
  return [
    window(windowTurns === 0 ? 40 : windowTurns, { maxPromptTokens: memory.maxPromptTokens }),
    ...(whenTokens > 0 ? [summarize({ whenTokens, keepTurns, ...(!hasSummarizer && { model: null }) })] : []),
    ...(retrieves > 0 ? [retrieve({ k: retrieves })] : []),
    workingFacts({ maxFacts, pinAt, ...(!hasCompressor && { compressor: null }) }),
  ]
}

function processorOf(world: World, memory: MemoryShape): Processor {
  const tools = memory.processesAll ? {} : { tools: [...largeTools] }
  if (memory.processor === 'model') return { ...tools, instructions: 'Note what matters.' }
  const { chance, scheduler } = world
  return {
    ...tools,
    process: ({ output, questions, callId }) => {
      const plan = planMeans(world, output, callId)
      const questionIds = questions.filter(({ answer }) => answer === null).map(({ questionId }) => questionId)
      // A patch is JSON; what is none is refused.
      const patch = drawPatch(chance, { memory, questionIds, plan }) as never
      if (chance.happens(memory.flawed / 3)) throw new Error('simulated: the processor broke')
      if (chance.happens(0.6)) return patch
      // Now and then longer than the runtime waits.
      const delayMs = chance.happens(0.1) ? 3_000 : chance.below(300)
      return new Promise((resolve) => scheduler.after(delayMs, null, () => resolve(patch)))
    },
  }
}

/** Null: the result does not say whose it is, and a plan has to. */
export function planMeans(
  world: World,
  output: Json,
  callId: string,
): { readonly tag: string; readonly tools: ReturnType<typeof toolsOfPlans>; readonly prefix: string } | null {
  const [tag] = tagsIn(JSON.stringify(output))
  if (tag === undefined) return null
  return { tag: tag.tag, tools: toolsOfPlans(world), prefix: `P${callId}.` }
}
