/** The agent of a world that plans: the plain one with a planner, specialists, a tool that lists and one that breaks. */
import { type AnyTool, ToolError } from '../../ports/index.ts'
import { type AgentOptions, tool } from '../../runtime/index.ts'
import { planningModel } from './plan-model.ts'
import type { PlansShape } from './plans-shape.ts'
import { amount, TOOL_TIMEOUT_MS } from './workload.ts'
import type { World } from './world.ts'

/** More than this breaks. */
const CRACKS_OVER = 3

const moreTools = (): readonly AnyTool[] => [
  tool({
    name: 'list',
    description: 'lists amounts',
    effect: 'read',
    timeoutMs: TOOL_TIMEOUT_MS,
    input: amount,
    run: ({ amount: count }) => ({ paid: count, items: Array.from({ length: count - 1 }, (_, index) => index + 1) }),
  }),
  tool({
    name: 'crack',
    description: 'breaks under much',
    effect: 'read',
    timeoutMs: TOOL_TIMEOUT_MS,
    input: amount,
    // Given back as an answer: the world outside throws it.
    run: ({ amount: weight }): unknown =>
      weight > CRACKS_OVER
        ? new ToolError('simulated: it broke', { tookEffect: false, retryable: false })
        : { paid: weight },
  }),
]

export function planningAgent(world: World, plans: PlansShape, plain: AgentOptions): AgentOptions {
  const { hasPlanner, hasRouter, fails } = plans
  const { maxParallelTasks, taskTimeoutMs, replanThreshold, maxReplans, maxPlanAttempts } = plans
  const { planReview, onPartial, recovery } = plans
  const { tools = [] } = plain
  const all = [...tools, ...moreTools()]
  const { chance } = world
  return {
    ...plain,
    model: planningModel(world, plans),
    tools: all,
    specialists: [
      { name: 'reader', domain: 'Reads.', instructions: 'You read.', tools: namesOf(all, 'read') },
      {
        name: 'payer',
        domain: 'Pays.',
        instructions: 'You pay.',
        tools: all.map(({ name }) => name),
        cap: { turns: 2 },
      },
    ],
    planning: {
      maxParallelTasks,
      taskTimeoutMs,
      replanThreshold,
      maxReplans,
      maxPlanAttempts,
      planReview,
      onPartial,
      recovery,
      ...(!hasPlanner && { planner: null }),
      ...(!hasRouter && { router: null }),
      checkers: { sound: (result) => (result === 'nonsense' || chance.happens(fails / 2) ? 'it is nonsense' : null) },
    },
  }
}

function namesOf(tools: readonly AnyTool[], effect: AnyTool['effect']): readonly string[] {
  return tools.filter((each) => each.effect === effect).map(({ name }) => name)
}
