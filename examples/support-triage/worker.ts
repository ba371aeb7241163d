/** A worker process of the demo: drives whatever is due in a file of sessions, until it is told to stop, or killed. */
import { createRuntime } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { z } from 'zod'
import { supportTriage } from './agent.ts'
import { demoLimits } from './demo/stage.ts'
import { modelFor } from './model.ts'
import { openWorld } from './world/open-world.ts'

const order = z.object({
  sessionsPath: z.string(),
  worldPath: z.string(),
  refundPause: z.object({ beforeWriteMs: z.int().exactOptional(), afterWriteMs: z.int().exactOptional() }),
})

const { sessionsPath, worldPath, refundPause } = order.parse(JSON.parse(process.argv[2] ?? ''))
const store = sqliteStore(sessionsPath)
const world = openWorld(worldPath, { refundPause })
const agents = [supportTriage({ world, model: await modelFor(process.env) })]
const runtime = createRuntime({ store, agents, limits: demoLimits })
// A parent that is gone, for whatever reason, leaves no worker behind.
process.once('disconnect', () => process.exit(1))
process.once('SIGTERM', stop)
process.send?.('ready')

async function stop(): Promise<void> {
  await runtime.stop()
  await store.close()
  world.close()
  process.exit(0)
}
