/** The ways of remembering that the benchmarks of memory put side by side, and the scripts of those who sum up. */
import type { AgentOptions } from 'pawl'
import type { Json, StatePatch } from 'pawl/core'

export type Remembering = Pick<AgentOptions, 'memory' | 'processor'>
type Processor = NonNullable<AgentOptions['processor']>

/** Of a prompt that nothing leaves. */
const EVERYTHING = { type: 'window', turns: 1_000_000, maxPromptTokens: 1_000_000_000 } as const
const SOME = { type: 'window', turns: 20 } as const
const SUMMARY = { type: 'summarize', whenTokens: 8_000, keepTurns: 6 } as const
const PASSAGES = { type: 'retrieve', k: 5 } as const
const FACTS = { type: 'working_facts' } as const

/** Nothing ever leaves the prompt: what all others stand beside. */
export const NO_STRATEGY = 'no strategy'

const noting: Processor = { process: ({ tool, output }) => patchOf(tool, output) }

export const strategies: Readonly<Record<string, Remembering>> = {
  [NO_STRATEGY]: { memory: [EVERYTHING] },
  defaults: {},
  window: { memory: [SOME] },
  summarize: { memory: [SUMMARY] },
  'window and retrieve': { memory: [SOME, PASSAGES] },
  'window and a processor with facts': { memory: [SOME, FACTS], processor: noting },
  'window and a model as processor': { memory: [SOME, FACTS], processor: { instructions: 'Note ids and amounts.' } },
  'all together': { memory: [SOME, SUMMARY, PASSAGES, FACTS], processor: noting },
}

/** What a careful reader would note of a result: what it is about, and its short members. */
export function patchOf(tool: string, output: Json): StatePatch {
  const said = String(output)
  const members = [...said.matchAll(/"([a-z_]+)": ?("[^"]{1,40}"|[\d.]+)/g)].slice(0, NOTED_MEMBERS)
  const value = Object.fromEntries(members.map(([, name = '', text = '']) => [name, text.replaceAll('"', '')]))
  const about = (value['order_id'] ?? value['id'] ?? value['product_id'] ?? value['email'] ?? '').replaceAll(
    /[^\w.-]/g,
    '',
  )
  return { append_known_facts: [{ key: `${tool}.${about}`.slice(0, MAX_KEY_CHARACTERS), value }] }
}

const NOTED_MEMBERS = 8
const MAX_KEY_CHARACTERS = 64

/** As long as a good one: a few sentences with ids. */
const LINE =
  'Order #W1234567 of the customer was looked up and changed as asked; the refund of 103.20 goes to credit_card_12.'

/** What a model writes that sums up turns, and one that sums up facts. */
export const summary = JSON.stringify({
  asked: [LINE, LINE],
  decided: [LINE],
  done: Array.from({ length: 8 }, () => LINE),
  open: [LINE],
})
export const points = JSON.stringify({ points: [LINE, LINE] })
