/** A worker of the proof: a runtime over the round's file. SIGTERM drains it. */
import type { Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, type Wiring, wiring } from '../../src/runtime/index.ts'
import { startIsolated } from '../../src/runtime/isolated/start.ts'
import { errands } from './errands.ts'
import type { Orders } from './orders.ts'

// The proof has written it.
const orders = JSON.parse(process.argv[2] ?? '') as Orders
const file = sqliteStore(orders.storePath)
const unchecked: Wiring['startIsolated'] = (isolation, call) =>
  startIsolated(isolation, call, new URL('./worker-unchecked.ts', import.meta.url))
const runtime = buildRuntime(
  {
    store: planted(file),
    agents: [errands(orders)],
    engine: embedded(),
    limits: orders.limits,
    onProblem: (problem) => console.error(problem instanceof Error ? `${problem.name}: ${problem.message}` : problem),
  },
  orders.bug === 'unchecked_start' ? { ...wiring, startIsolated: unchecked } : wiring,
)

process.once('SIGTERM', async () => {
  await runtime.stop()
  await file.close()
  process.exit(0)
})
// The proof holds the other end: when it is gone, nobody would end this process.
process.stdin.resume().on('end', () => process.exit(1))
console.log('ready')

function planted(store: Store): Store {
  if (orders.bug === 'never_gives_up') {
    const module = new URL('./worker-deaf-store.ts', import.meta.url).href
    return { ...store, inThread: { module, open: 'open', options: {} } }
  }
  if (orders.bug !== 'stalled_is_dead') return store
  return {
    ...store,
    claim: async (ref, claim) => {
      const claimed = await store.claim(ref, claim)
      return claimed.type === 'claimed' ? { ...claimed, deadFence: claimed.fence - 1 } : claimed
    },
  }
}
