/** The agent that the simulator drives when it is given none: every effect class, every kind of verdict, small inputs that repeat. */
import { z } from 'zod'
import type { Ending, State, Verdict } from '../../core/index.ts'
import { type AnyTool, describeSchema, type Policy, type Schema } from '../../ports/index.ts'
import { type AgentOptions, tool } from '../../runtime/index.ts'
import { rememberingAgent } from './memory-agent.ts'
import { planningAgent } from './plan-agent.ts'
import { randomModel } from './random-model.ts'
import type { SessionRecord } from './record.ts'
import type { ApprovalShape, Shape, ToolName } from './shape.ts'
import type { Expected, World } from './world.ts'

export const TOOL_TIMEOUT_MS = 1_000
/** Large beside a prompt, so that a request whose output was not lowered to what is left goes over a cap. */
export const MAX_OUTPUT_TOKENS = 1_500
/** The tool `note` and the tool `look` may be repeated this often. */
const RETRIES = 1

const parsedAmount = z.object({ amount: z.number() })
const paid = ({ amount }: { amount: number }) => ({ paid: amount })

/** Described once: every process of every seed registers its tools anew. */
const described = describeSchema(parsedAmount)
export const amount: Schema<{ amount: number }> = {
  '~standard': {
    version: 1,
    vendor: 'zod',
    validate: (value) => parsedAmount['~standard'].validate(value),
    ...{ jsonSchema: { input: () => described, output: () => described } },
  },
}

const common = { timeoutMs: TOOL_TIMEOUT_MS, input: amount, run: paid }

const tools: readonly AnyTool[] = [
  tool({ name: 'look', description: 'reads', effect: 'read', retries: RETRIES, ...common }),
  tool({ name: 'note', description: 'writes under a key', effect: 'idempotent', retries: RETRIES, ...common }),
  tool({
    name: 'pay',
    description: 'pays',
    effect: 'unsafe',
    ...common,
    // Never asked: the world outside answers in its place.
    verify: () => ({ tookEffect: 'unknown' as const }),
  }),
  tool({ name: 'wire', description: 'pays, and cannot say whether it did', effect: 'unsafe', ...common }),
  tool({ name: 'tip', description: 'pays, as often as it is asked', effect: 'unsafe', repeat: 'allow', ...common }),
  {
    ...tool({ name: 'ask', description: 'asks people', effect: 'read', input: amount, run: paid }),
    asks: ({ amount: asked }: { amount: number }) => ({
      text: 'which one?',
      options: asked > 2 ? ['this', 'that'] : [],
    }),
  },
  tool({
    name: 'close',
    description: 'opens a case, which may end the session',
    effect: 'idempotent',
    ...common,
    endsSession: ({ paid: spent }): Ending | null => (spent > 3 ? { type: 'case_opened', caseId: 'k1' } : null),
  }),
]

const writers: readonly ToolName[] = ['note', 'pay', 'wire', 'tip', 'close']

export function defaultAgent(world: World): AgentOptions {
  const { shape } = world
  const plain = plainAgent(world)
  const planning = shape.plans === null ? plain : planningAgent(world, shape.plans, plain)
  return shape.memory === null ? planning : rememberingAgent(world, shape.memory, planning)
}

function plainAgent(world: World): AgentOptions {
  const { shape } = world
  const names = new Set<string>(shape.tools)
  return {
    name: 'simulated',
    instructions: 'You are simulated.',
    model: randomModel(world),
    tools: tools.filter(({ name }) => names.has(name)),
    policies: [policy(world)],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    budget: shape.budget,
  }
}

/** What an observer expects of an agent, from its definition alone. */
export function expectedOf({ tools: defined = [], specialists = [] }: AgentOptions, shape: Shape | null): Expected {
  const byName = new Map(defined.map((each) => [each.name, each]))
  const owned = new Map(specialists.map((each) => [each.name, each.tools]))
  return {
    effectOf: (name) => byName.get(name)?.effect ?? null,
    toolsOf: (specialist) => owned.get(specialist ?? '') ?? [...byName.keys()],
    retriesOf: (name) => byName.get(name)?.retries ?? 0,
    verdictOf:
      shape === null
        ? null
        : (record, name, input) =>
            writers.some((writer) => writer === name)
              ? verdictOn(shape.approval, amountOf(input), spentOfRecord(record))
              : { type: 'allow' },
  }
}

function policy(world: World): Policy {
  const { approval } = world.shape
  return {
    name: 'threshold',
    version: '1',
    tools: writers,
    check: ({ call, state }) => {
      const answer = verdictOn(approval, amountOf(call.input), approval.total === null ? 0 : spentOfState(state))
      if (!world.chance.happens(world.faults.policyIsSlow)) return answer
      return new Promise((resolve) => world.scheduler.after(slowness(world), null, () => resolve(answer)))
    },
  }
}

/** Now and then longer than the runtime waits, which denies. */
function slowness({ chance }: World): number {
  return chance.happens(0.05) ? 3_000 : chance.below(200)
}

function verdictOn(approval: ApprovalShape, asked: number, spent: number): Verdict {
  const { over, twoOver, denyOver, total, expiresAfterMs, notRequester } = approval
  if (asked > denyOver) return { type: 'deny', reason: 'too_much' }
  if (total !== null && asked + spent > total) return { type: 'deny', reason: 'too_much_together' }
  if (asked <= over) return { type: 'allow' }
  const quorum = asked > twoOver ? 2 : 1
  return { type: 'require_approval', reason: 'threshold', quorum, expiresAfterMs, notRequester }
}

export function amountOf(input: unknown): number {
  if (typeof input !== 'object' || input === null || !('amount' in input)) return 0
  return typeof input.amount === 'number' ? input.amount : 0
}

/** What writes that ended well have spent. */
function spentOfState(state: Readonly<State>): number {
  return [...state.calls.values()].reduce(
    (sum, { effect, outcome, input }) =>
      effect !== null && effect !== 'read' && outcome?.type === 'ok' ? sum + amountOf(input) : sum,
    0,
  )
}

function spentOfRecord(record: SessionRecord): number {
  let sum = 0
  for (const { isWrite, outcome, input } of record.calls.values())
    if (isWrite && outcome?.type === 'ok') sum += amountOf(input)
  return sum
}
