/** A file with a real log: turns, calls, messages and an approval, made by the runtime; and beside it a short one of another tenant. */
import { agent, createRuntime, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open, policy } from 'pawl/policies'
import type { Head, SessionRef } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { z } from 'zod'

/** At least so many events. */
const EVENTS = 1_000
const CALLS_PER_TURN = 4
const TURNS_PER_MESSAGE = 5
export const ref: SessionRef = { tenant: 'acme', sessionId: 'the-long-one' }

/** Characters of what a call answers: mostly few, now and then many, and not all of them ASCII. */
const FEW = 40
const MANY = 2_000
const VERY_MANY = 12_000

const look = tool({
  name: 'look',
  description: 'Looks something up.',
  effect: 'read',
  input: z.object({ page: z.int() }),
  run: ({ page }) => ({ text: 'Zoë’s café 🌍 \\ " '.repeat(sizeOf(page)).slice(0, sizeOf(page)).toWellFormed() }),
})

const send = tool({
  name: 'send',
  description: 'Sends a letter.',
  effect: 'unsafe',
  input: z.object({ page: z.int() }),
  run: ({ page }) => ({ sent: page }),
})

export async function buildLog(path: string): Promise<Head> {
  const store = sqliteStore({ path, durability: 'process_crash', reserveBytes: 0 })
  const reader = agent({
    name: 'reader',
    instructions: 'Read what you are asked for.',
    model: scripted((_, { turn }) => decide(turn)),
    tools: [look, send],
    policies: [
      open('look'),
      policy({
        name: 'ask',
        version: '1',
        tools: ['send'],
        check: () => ({ type: 'require_approval', reason: 'a letter' }),
      }),
    ],
    budget: { maxTurns: TURNS_PER_MESSAGE + 1 },
  })
  const runtime = createRuntime({ store, agents: [reader] })
  await runtime.start('reader', { message: 'hello', sessionId: 'a-short-one', tenant: 'globex' })
  await runtime.start('reader', { message: 'Please read all of it.', ...ref })
  for (;;) {
    const { openApprovals, version } = await runtime.result(ref)
    const [approval] = openApprovals
    if (approval !== undefined) await runtime.approvals.approve(approval, 'lead@example.com')
    else if (version >= EVENTS) break
    else await runtime.send(ref, { type: 'send_message', text: 'Go on 🙂', trust: 'user', origin: { type: 'user' } })
  }
  await runtime.stop()
  const head = await store.head(ref)
  await store.close()
  if (head === null) throw new Error('expected the session to be there')
  return head
}

function decide(turn: number) {
  if (turn % TURNS_PER_MESSAGE === 0) return `That was page ${turn}.`
  const calls = Array.from({ length: CALLS_PER_TURN }, (_, index) => ({
    tool: turn === 7 && index === 0 ? 'send' : 'look',
    input: { page: turn * CALLS_PER_TURN + index },
  }))
  return { text: `I read on from ${turn}.`, calls }
}

function sizeOf(page: number): number {
  if (page === 100) return VERY_MANY
  return page % 25 === 0 ? MANY : FEW
}
