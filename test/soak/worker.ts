/** One soak in a process of its own: `--path FILE --seconds N --rate N [--leak NAME]`. The last line is its samples and what is left at the end. */
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { leaks } from './leaks.ts'
import { startLoad } from './load.ts'
import { type Sample, takeSample } from './sample.ts'

export type Soaked = {
  readonly samples: readonly Sample[]
  /** Handles before the load and after it was stopped. */
  readonly handles: readonly [before: number, after: number]
  readonly warnings: readonly string[]
}

const SAMPLES = 40

const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '60' },
    leak: { type: 'string' },
  },
})
const { path } = values
const leak = values.leak === undefined ? undefined : leaks[values.leak]?.leak
const warnings: string[] = []
process.on('warning', (warning) => warnings.push(warning.message))
process.on('unhandledRejection', (problem) => warnings.push(`unhandled: ${problem}`))

const before = process.getActiveResourcesInfo().length
const store = sqliteStore(path)
const load = startLoad(store, Number(values.rate), () => leak?.(path))
const samples: Sample[] = []
for (let taken = 0; taken < SAMPLES; taken += 1) {
  await after((Number(values.seconds) * 1_000) / SAMPLES)
  samples.push(takeSample(path, load.begun()))
}
await load.stop()
await store.close()
await after(50)
const soaked: Soaked = { samples, handles: [before, process.getActiveResourcesInfo().length], warnings }
console.log(JSON.stringify(soaked))
process.exit(0)
