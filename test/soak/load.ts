/** The load: sessions that read, write, ask people, fail, are cancelled and are watched, started at a steady rate. */
import { setTimeout as after } from 'node:timers/promises'
import { type Agent, agent, createRuntime, type Runtime, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open, requireApproval } from 'pawl/policies'
import type { Store } from 'pawl/ports'
import { z } from 'zod'

const order = z.object({ order: z.number() })

const look = tool({
  name: 'look',
  description: 'Reads an order.',
  effect: 'read',
  retries: 1,
  input: order,
  run: ({ order }) => {
    if (order % 17 === 0) throw new Error('the orders cannot be reached')
    return { order, lines: Array.from({ length: 20 }, (_, line) => ({ line, article: `article ${line}`, pieces: 2 })) }
  },
})
const note = tool({
  name: 'note',
  description: 'Writes a note.',
  effect: 'idempotent',
  input: order,
  run: ({ order }) => ({ noted: order }),
})
const refund = tool({
  name: 'refund',
  description: 'Pays back.',
  effect: 'unsafe',
  input: order,
  run: async ({ order }, { signal }) => {
    await after(order % 5, undefined, { signal })
    return { refunded: order }
  },
})

/** Three turns with calls, one of them held for a person in every third session; then the answer. */
function clerk(): Agent {
  return agent({
    name: 'clerk',
    instructions: 'You look after orders.',
    model: scripted((request, { turn }) => {
      const order = orderOf(request.messages.findLast(({ role }) => role === 'user'))
      if (turn === 1) return { text: 'I look.', calls: [{ tool: 'look', input: { order } }] }
      if (turn === 2) return { calls: [{ tool: 'note', input: { order } }] }
      if (turn === 3 && order % 3 === 0) return { calls: [{ tool: 'refund', input: { order } }] }
      return 'It is done.'
    }),
    tools: [look, note, refund],
    policies: [open('note'), requireApproval({ tools: [refund], reason: 'refund' })],
  })
}

function orderOf(message: unknown): number {
  return Number(/order (\d+)/.exec(JSON.stringify(message))?.[1] ?? 0)
}

export type Load = {
  /** Sessions begun so far. */
  begun(): number
  /** Begins no more, and waits until all rest, for `maxRestMs` at most: how many do not. */
  stop(maxRestMs: number): Promise<number>
}

/** Begins `perSecond` sessions a second until it is stopped, and sees each of them to its rest. */
export function startLoad(store: Store, perSecond: number, onSession: () => void): Load {
  const runtime = createRuntime({ store, agents: [clerk()], limits: { maxSessionsInFlight: 32 } })
  const open = new Set<Promise<void>>()
  let begun = 0
  const timer = setInterval(() => {
    begun += 1
    onSession()
    const session = seeThrough(runtime, begun)
    open.add(session)
    // One that failed is an unhandled rejection, which the worker tells.
    void session.finally(() => open.delete(session))
  }, 1_000 / perSecond)
  return {
    begun: () => begun,
    stop: async (maxRestMs) => {
      clearInterval(timer)
      const limit = new AbortController()
      const over = after(maxRestMs, undefined, { signal: limit.signal }).catch(() => {})
      await Promise.race([Promise.allSettled(open), over])
      limit.abort()
      const restless = open.size
      await runtime.stop()
      return restless
    },
  }
}

async function seeThrough(runtime: Runtime, order: number): Promise<void> {
  const { sessionId } = await runtime.start('clerk', { message: `order ${order}` })
  const session = { sessionId }
  if (order % 11 === 0) await runtime.send(session, { type: 'cancel', by: 'ann' })
  for await (const item of runtime.watch(session)) {
    if (item.type !== 'event') continue
    const { event } = item
    if (event.type === 'session_ended') return
    if (event.type !== 'approval_requested') continue
    const [approval] = await runtime.approvals.list(session)
    if (approval !== undefined) await runtime.approvals.approve(approval, 'ann')
  }
}
