/** The worker that is killed: a runtime over the round's file. SIGTERM drains it. */
import { createRuntime, type RuntimeOptions } from 'pawl'
import type { Append, Appended, Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, nodeEnv } from '../../src/runtime/index.ts'
import { errandAgent } from './agent.ts'
import { ledgerClient } from './ledger-client.ts'
import { plantsOf } from './planted-worker.ts'
import { limits, type WorkerOrders } from './worker-orders.ts'

const MAX_SILENCE_MS = 800
let hasSpoken = false

// The parent has written it.
const orders = JSON.parse(process.argv[2] ?? '') as WorkerOrders
const plants = plantsOf(orders.bug)
const file = sqliteStore(orders.storePath)
const store: Store = { ...file, append: sayWhenWorking }
const client = ledgerClient(orders.ledgerPort)
const env = nodeEnv()
const options: RuntimeOptions = {
  store: plants.store?.(store) ?? store,
  agents: [errandAgent(plants.ledger?.(client) ?? client, plants)],
  limits,
  env: orders.deathsAreHidden ? { ...env, isDead: () => false } : env,
  onProblem: (problem, sessionId) =>
    console.error(`${sessionId}: ${problem instanceof Error ? problem.stack : problem}`),
}
const runtime = plants.wiring ? buildRuntime({ ...options, engine: embedded() }, plants.wiring) : createRuntime(options)

process.once('SIGTERM', async () => {
  await runtime.stop()
  await file.close()
  client.close()
  process.exit(0)
})
// The parent holds the other end: when it is gone, nobody would end this process.
process.stdin.resume().on('end', () => process.exit(1))

/** With nothing to drive there is no first commit. */
setTimeout(sayWorking, MAX_SILENCE_MS)

async function sayWhenWorking(append: Append): Promise<Appended> {
  const appended = await file.append(append)
  sayWorking()
  return appended
}

function sayWorking(): void {
  if (!hasSpoken) console.log('working')
  hasSpoken = true
}
