/** The writer whose writes are traced: a runtime over the real store, that says on stdout what was acknowledged, as soon as it was. */
import { writeSync } from 'node:fs'
import { createRuntime, type Runtime } from 'pawl'
import type { Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { randomOf } from '../kill/random.ts'
import { AGENT, clerk } from './clerk.ts'
import { neverSync, sayTooEarly } from './planted-writer.ts'
import { sayingStore } from './saying-store.ts'
import type { Acknowledgement, WriterOrders } from './writer-orders.ts'

const CANCELLED = 0.1
const SPOKEN_TO = 0.2
/** Sessions side by side: in some lives most commits are of one session, in some of many. Few of them fill the log sooner. */
const MAX_LANES = 8
const FIRST_LANES = 2

// The proof has written it.
const orders = JSON.parse(process.argv[2] ?? '') as WriterOrders

function say(acknowledgement: Acknowledgement): void {
  writeSync(1, `${JSON.stringify(acknowledgement)}\n`)
}

if (orders.bug === 'never_syncs') neverSync()
for (let life = 1; life <= orders.lives; life += 1) await live(life)
say({ type: 'done' })

async function live(life: number): Promise<void> {
  const { seed, storePath: path, durability, sessionsInALife, bug } = orders
  const file = sqliteStore({ path, durability })
  const store: Store = bug === 'early_acknowledgement' ? sayTooEarly(file, say) : sayingStore(file, say)
  const runtime = createRuntime({
    store,
    agents: [clerk(seed)],
    onProblem: (problem) => {
      throw problem
    },
  })
  const left = Array.from({ length: sessionsInALife }, (_, index) => `${life}.${index + 1}`)
  const lane = async (): Promise<void> => {
    for (let sessionId = left.shift(); sessionId !== undefined; sessionId = left.shift()) await play(runtime, sessionId)
  }
  const lanes = life === 1 ? FIRST_LANES : randomOf(seed, life).between(1, MAX_LANES)
  await Promise.all(Array.from({ length: lanes }, lane))
  await runtime.stop()
  await file.close()
}

/** One session: a message, now and then another or a cancel, and a yes to whatever waits for one. */
async function play(runtime: Runtime, sessionId: string): Promise<void> {
  const random = randomOf(orders.seed, sessionId, 'people')
  const session = await runtime.start(AGENT, { sessionId, message: 'Begin.' })
  const origin = { type: 'user', id: 'u1' } as const
  if (random.chance(SPOKEN_TO))
    await runtime.send(session, { type: 'send_message', text: 'And more.', trust: 'user', origin })
  if (random.chance(CANCELLED)) await runtime.send(session, { type: 'cancel', by: 'u1' })
  let { openApprovals } = await runtime.result(session)
  while (openApprovals.length > 0) {
    for (const approval of openApprovals) await runtime.approvals.approve(approval, 'lead')
    openApprovals = (await runtime.result(session)).openApprovals
  }
}
