/**
 * The simulation as a stage of the tests: `--seeds N` on each store (5,000 by default), then every planted bug within its number of
 * seeds. `--seed N --store S [--bug NAME]` repeats one.
 */
import { parseArgs } from 'node:util'
import { plantedBugs } from 'pawl/testing'
import { runShares, type Share } from './share.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    store: { type: 'string', default: 'memory' },
    bug: { type: 'string' },
  },
})

const SEEDS_OF_A_SHARE = 500
let passed = 0
let failed = 0

if (values.seed === undefined) {
  for (const store of ['memory', 'sqlite'] as const) await simulateStore(store, Number(values.seeds))
  await catchPlantedBugs()
} else await repeat(Number(values.seed))
console.log(`${passed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed === 0 ? 0 : 1

async function simulateStore(store: Share['store'], seeds: number): Promise<void> {
  const shares = Array.from({ length: Math.ceil(seeds / SEEDS_OF_A_SHARE) }, (_, index) => {
    const from = index * SEEDS_OF_A_SHARE + 1
    return { store, from, seeds: Math.min(SEEDS_OF_A_SHARE, seeds - from + 1) }
  })
  let events = 0
  const reports: string[] = []
  const startedAt = performance.now()
  await runShares(shares, (_, result) => {
    events += result.events
    if (result.report !== null) reports.push(result.report)
  })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${store}: ${seeds} seeds, ${events} events, ${reports.length} shares with a violation, ${seconds} s`)
  for (const report of reports) console.log(report)
  count(reports.length === 0)
}

async function catchPlantedBugs(): Promise<void> {
  const shares = plantedBugs.map(({ name, withinSeeds }) => ({
    store: 'memory' as const,
    from: 1,
    seeds: withinSeeds,
    bug: name,
  }))
  await runShares(shares, ({ bug, seeds }, { failedSeed, invariant }) => {
    const found =
      failedSeed === null
        ? `NOT caught within ${seeds} seeds`
        : `caught by seed ${failedSeed} of ${seeds} (${invariant})`
    console.log(`planted: ${bug}: ${found}`)
    count(failedSeed !== null)
  })
}

async function repeat(seed: number): Promise<void> {
  const store = values.store === 'sqlite' ? 'sqlite' : 'memory'
  await runShares(
    [{ store, from: seed, seeds: 1, ...(values.bug !== undefined && { bug: values.bug }) }],
    (_, { report }) => {
      console.log(report ?? `seed ${seed} on ${store}: nothing was broken`)
      count(report === null)
    },
  )
}

function count(isFine: boolean): void {
  if (isFine) passed += 1
  else failed += 1
}
