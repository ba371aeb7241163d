/** The agent that the simulator drives when it is given none: every effect class, every kind of verdict, small inputs that repeat. */
import { z } from 'zod'
import type { Json, ModelResponse } from '../../core/index.ts'
import { type AnyTool, type Model, ModelRequestError, type Policy } from '../../ports/index.ts'
import { type AgentOptions, tool } from '../../runtime/index.ts'
import type { Chance } from './chance.ts'
import type { World } from './world.ts'

export const TOOL_TIMEOUT_MS = 1_000
/** Large beside a prompt, so that a request whose output was not lowered to what is left goes over a cap. */
export const MAX_OUTPUT_TOKENS = 1_500

const amount = z.object({ amount: z.number() })
const paid = ({ amount: paidAmount }: { amount: number }) => ({ paid: paidAmount })

const tools: readonly AnyTool[] = [
  tool({
    name: 'look',
    description: 'reads',
    effect: 'read',
    timeoutMs: TOOL_TIMEOUT_MS,
    retries: 1,
    input: amount,
    run: paid,
  }),
  tool({
    name: 'note',
    description: 'writes under a key',
    effect: 'idempotent',
    timeoutMs: TOOL_TIMEOUT_MS,
    retries: 1,
    input: amount,
    run: paid,
  }),
  tool({
    name: 'pay',
    description: 'pays',
    effect: 'unsafe',
    timeoutMs: TOOL_TIMEOUT_MS,
    input: amount,
    run: paid,
    verify: () => ({ tookEffect: 'unknown' }),
  }),
  tool({
    name: 'wire',
    description: 'pays, and cannot say whether it did',
    effect: 'unsafe',
    timeoutMs: TOOL_TIMEOUT_MS,
    input: amount,
    run: paid,
  }),
  tool({
    name: 'tip',
    description: 'pays, as often as it is asked',
    effect: 'unsafe',
    timeoutMs: TOOL_TIMEOUT_MS,
    repeat: 'allow',
    input: amount,
    run: paid,
  }),
  {
    ...tool({ name: 'ask', description: 'asks people', effect: 'read', input: amount, run: paid }),
    asks: () => ({ text: 'which one?', options: ['this', 'that'] }),
  },
]

const names = ['look', 'look', 'note', 'pay', 'pay', 'wire', 'tip', 'ask', 'nothing'] as const

/** Over 2 a person decides, over 3 two of them, over 4 nobody may. */
function policy(world: World): Policy {
  const verdict = (spent: number) => {
    if (spent > 4) return { type: 'deny', reason: 'too_much' } as const
    if (spent > 2)
      return {
        type: 'require_approval',
        reason: 'threshold',
        quorum: spent > 3 ? 2 : 1,
        expiresAfterMs: 20_000,
      } as const
    return { type: 'allow' } as const
  }
  return {
    name: 'threshold',
    version: '1',
    tools: ['note', 'pay', 'wire', 'tip'],
    check: ({ call }) => {
      const answer = verdict(amountOf(call.input))
      if (!world.chance.happens(world.faults.policyIsSlow)) return answer
      return new Promise((resolve) => world.scheduler.after(world.chance.below(50), null, () => resolve(answer)))
    },
  }
}

function amountOf(input: Json): number {
  const parsed = amount.safeParse(input)
  return parsed.success ? parsed.data.amount : 0
}

export function defaultAgent(world: World): AgentOptions {
  const { chance } = world
  return {
    name: 'simulated',
    instructions: 'You are simulated.',
    model: randomModel(chance),
    tools,
    policies: [policy(world)],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    budget: {
      maxTurns: 6,
      maxTokens: chance.happens(0.4) ? 500 + chance.below(8_000) : null,
      maxCalls: chance.happens(0.2) ? chance.below(8) : null,
      maxWallClockMs: chance.happens(0.2) ? 8_000 : 600_000,
      whenExhausted: chance.happens(0.5) ? 'block' : 'stop',
    },
  }
}

/** Says anything: text, calls, nothing, nonsense; and uses as many tokens as it was allowed. */
function randomModel(chance: Chance): Model {
  return {
    id: 'simulated',
    price: null,
    isScripted: true,
    generate: async (request) => {
      const usage = {
        inputTokens: 1,
        outputTokens: request.maxOutputTokens - (chance.happens(0.5) ? 0 : chance.below(request.maxOutputTokens)),
      }
      const count = chance.happens(0.35) ? 0 : 1 + chance.below(3)
      const parts: ModelResponse['parts'] = [
        ...(count === 0 && !chance.happens(0.05) ? [{ type: 'text' as const, text: 'done' }] : []),
        ...Array.from({ length: count }, (_, index) => ({
          type: 'call' as const,
          providerCallId: chance.happens(0.1) ? 'same' : `p${request.turn}-${index}`,
          tool: chance.pick(names),
          input: chance.happens(0.05) ? 'nonsense' : { amount: 1 + chance.below(5) },
        })),
      ]
      return { parts, finish: count > 0 ? 'tool_calls' : 'stop', usage: chance.happens(0.1) ? null : usage }
    },
  }
}

/** A model behind a network: slow, failing, cut. */
export function behindNetwork(world: World, model: Model, wait: (delayMs: number) => Promise<void>): Model {
  return {
    ...model,
    generate: async (request, options) => {
      const { chance, faults } = world
      await wait(chance.happens(0.05) ? 3_000 : chance.random() * 300)
      if (chance.happens(faults.modelFails)) {
        const retryAfterMs = chance.happens(0.3) ? 400 : undefined
        throw new ModelRequestError('http_503', 'simulated: overloaded', {
          retryable: chance.happens(0.9),
          status: 503,
          ...(retryAfterMs && { retryAfterMs }),
        })
      }
      return model.generate(request, options)
    },
  }
}
