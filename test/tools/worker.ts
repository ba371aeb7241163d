/** A worker of the proof: a runtime over the round's file. SIGTERM drains it. */
import { createRuntime } from 'pawl'
import type { Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { errands } from './errands.ts'
import type { Orders } from './orders.ts'

// The proof has written it.
const orders = JSON.parse(process.argv[2] ?? '') as Orders
const file = sqliteStore(orders.storePath)
const runtime = createRuntime({
  store: planted(file),
  agents: [errands(orders)],
  limits: orders.limits,
  onProblem: (problem) => console.error(problem instanceof Error ? `${problem.name}: ${problem.message}` : problem),
})

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
