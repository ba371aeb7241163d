/** The agent of the writer: what it does follows from seed, session and turn, and its outputs are of every size. */
import { type Agent, type AnyTool, agent, tool } from 'pawl'
import { type ScriptedDecision, scripted } from 'pawl/models/scripted'
import { open, policy } from 'pawl/policies'
import { numberSchema } from '../kill/number-schema.ts'
import { type Random, randomOf } from '../kill/random.ts'

export const AGENT = 'clerk'

const MAX_TURNS = 4
const MAX_CALLS = 3
/** Outputs from one row in a page to some that take several pages each. */
const MAX_OUTPUT_CHARACTERS = 6_000
/** Payments above it wait for a person. */
const MAX_UNAPPROVED = 4_000

export function clerk(seed: string): Agent {
  return agent({
    name: AGENT,
    instructions: 'Work through the errands.',
    model: scripted(({ sessionId }, { turn }) => decide(randomOf(seed, sessionId, turn), turn)),
    tools: [clerkTool('read_file', 'read'), clerkTool('tag_file', 'idempotent'), clerkTool('pay', 'unsafe')],
    policies: [
      open('tag_file'),
      policy({
        name: 'large-payments',
        version: '1',
        tools: ['pay'],
        check: ({ call }) => (isLarge(call.input) ? { type: 'require_approval', reason: 'large' } : { type: 'allow' }),
      }),
    ],
  })
}

function clerkTool(name: string, effect: AnyTool['effect']) {
  return tool({
    name,
    description: `The tool ${name}.`,
    effect,
    input: numberSchema,
    run: ({ n }) => ({ n, text: `${name} `.repeat(Math.ceil(n / (name.length + 1))) }),
  })
}

function decide(random: Random, turn: number): ScriptedDecision {
  if (turn >= MAX_TURNS || (turn > 1 && random.chance(0.3))) return 'It is done.'
  const calls = Array.from({ length: random.between(1, MAX_CALLS) }, () => ({
    tool: random.pick(['read_file', 'tag_file', 'pay']),
    input: { n: Math.ceil(random.next() ** 3 * MAX_OUTPUT_CHARACTERS) },
  }))
  return { text: 'Next.', calls }
}

function isLarge(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'n' in input && Number(input.n) > MAX_UNAPPROVED
}
