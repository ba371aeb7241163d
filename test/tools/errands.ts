/** The agent of the workers: its tools wait, pay, block the loop, and run in a process of their own, as the message says. */
import { existsSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { type Agent, agent, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { z } from 'zod'
import { block } from './misbehaviour.ts'
import { type Errand, type Orders, writeDeed } from './orders.ts'

export const AGENT = 'errands'
/** An unsafe call of a worker that is not known to be dead is lost after its lease, this, and the grace. */
export const TIMEOUT_MS = 60_000

const input = z.object({ ms: z.number(), file: z.string().optional() })

export function errands(orders: Orders): Agent {
  const terms = { description: 'Runs an errand.', input, timeoutMs: TIMEOUT_MS } as const
  const going = async () => {
    while (!existsSync(orders.goPath)) await after(10)
  }
  return agent({
    name: AGENT,
    instructions: 'Run errands.',
    model: scripted(({ messages }, { turn }) => {
      if (turn > 1) return 'done'
      const said = messages.find((message) => message.role === 'user')
      // The proof wrote it.
      const { tool: name, ...given } = JSON.parse(said?.text ?? '') as Errand
      return { calls: [{ tool: name, input: given }] }
    }),
    tools: [
      tool({
        ...terms,
        name: 'look',
        effect: 'read',
        run: async ({ ms }, { sessionId, idempotencyKey: key }) => {
          await going()
          await after(ms)
          writeDeed(orders, { what: 'looked', sessionId, key })
          return 'looked'
        },
      }),
      tool({
        ...terms,
        name: 'pay',
        effect: 'unsafe',
        run: async ({ ms }, { sessionId, idempotencyKey: key }) => {
          await going()
          await after(ms)
          writeDeed(orders, { what: 'paid', sessionId, key })
          return 'paid'
        },
      }),
      tool({
        ...terms,
        name: 'block',
        effect: 'unsafe',
        run: async ({ ms }, { sessionId, idempotencyKey: key }) => {
          await going()
          writeDeed(orders, { what: 'blocks', sessionId, key })
          block(ms)
          writeDeed(orders, { what: 'blocked', sessionId, key })
          return 'blocked'
        },
      }),
      tool({
        ...terms,
        name: 'spin',
        effect: 'read',
        isolation: 'process',
        module: new URL('./worker-parent-tool.ts', import.meta.url),
      }),
      tool({
        ...terms,
        name: 'pay_beside',
        effect: 'unsafe',
        isolation: 'process',
        module: new URL('./worker-pay-tool.ts', import.meta.url),
      }),
    ],
    policies: [open('pay', 'block', 'pay_beside')],
  })
}
