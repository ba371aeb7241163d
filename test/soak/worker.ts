/** One soak in a process of its own: `--path FILE --seconds N --rate N [--leak NAME]`. The last line is its samples and what is left at the end. */
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { leaks } from './leaks.ts'
import { startLoad } from './load.ts'
import { type Sample, takeSample } from './sample.ts'

export type Soaked = {
  readonly samples: readonly Sample[]
  /** Kinds of handles that are there after the load was stopped and were not before it. */
  readonly handlesLeft: readonly string[]
  readonly warnings: readonly string[]
}

const SAMPLES = 40
/** Of sessions that are under way when the load stops: some seconds, on a machine under load. */
const MAX_REST_MS = 60_000
/** A thread and its port take a moment to be gone. */
const MAX_CLOSING_MS = 3_000
const LOOK_MS = 50

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    leak: { type: 'string' },
  },
})
const { path, seconds, rate } = values
if (path === undefined || seconds === undefined || rate === undefined)
  throw new RangeError('expected --path, --seconds and --rate')
const leak = values.leak === undefined ? undefined : leaks[values.leak]?.leak
const warnings: string[] = []
process.on('warning', (warning) => warnings.push(warning.message))
process.on('unhandledRejection', (problem) => warnings.push(`unhandled: ${problem}`))

// Streams are made at their first use: these two are no leak.
process.stdout.write('')
process.stderr.write('')
const before = process.getActiveResourcesInfo()
const store = sqliteStore(path)
const load = startLoad(store, Number(rate), () => leak?.(path))
const samples: Sample[] = []
for (let taken = 0; taken < SAMPLES; taken += 1) {
  await after((Number(seconds) * 1_000) / SAMPLES)
  // A leak grows by sessions: on a machine under load their number takes longer.
  const share = (Number(seconds) * Number(rate) * (taken + 1)) / SAMPLES
  while (leak !== undefined && load.begun() < Math.floor(share)) await after(LOOK_MS)
  samples.push(takeSample(path, load.begun()))
}
const restless = await load.stop(MAX_REST_MS)
if (restless > 0)
  warnings.push(`${restless} sessions did not rest within ${MAX_REST_MS / 1_000} s of the end of the load`)
await store.close()
const soaked: Soaked = { samples, handlesLeft: await handlesLeft(), warnings }
console.log(JSON.stringify(soaked))
process.exit(0)

async function handlesLeft(): Promise<readonly string[]> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const left = [...process.getActiveResourcesInfo()]
    for (const kind of before) if (left.includes(kind)) left.splice(left.indexOf(kind), 1)
    if (left.length === 0 || waitedMs >= MAX_CLOSING_MS) return left
    await after(LOOK_MS)
  }
}
