/** One share of a simulation, in a process of its own: `--store memory|sqlite --from N --seeds N [--bug NAME]`. Prints one JSON line. */
import { parseArgs } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { describeFailure, plantedBugs, simulateSeeds } from 'pawl/testing'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'memory' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '100' },
    bug: { type: 'string' },
  },
})
const bug = plantedBugs.find(({ name }) => name === values.bug)
if (values.bug !== undefined && bug === undefined) throw new RangeError(`no planted bug is called "${values.bug}"`)

const result = await simulateSeeds({
  firstSeed: Number(values.from),
  seeds: Number(values.seeds),
  ...(bug !== undefined && { plant: bug.plant }),
  ...(values.store === 'sqlite' && {
    store: (now: () => number) => sqliteStore({ path: ':memory:', now, defer: (flush) => flush() }),
  }),
})
const [failure] = result.failures
const repeatWith = `npm run prove -- simulation --store ${values.store} --seed ${failure?.seed}${bug === undefined ? '' : ` --bug "${bug.name}"`}`
console.log(
  JSON.stringify({
    seeds: result.seeds,
    events: result.events,
    failedSeed: failure?.seed ?? null,
    report: failure === undefined ? null : describeFailure(failure, repeatWith),
    invariant: failure?.violations[0]?.invariant ?? null,
  }),
)
