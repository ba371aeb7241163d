/** Runs worlds in a process of its own: one job after the other, as they are sent. */
import { sqliteStore } from 'pawl/stores/sqlite'
import {
  describeFailure,
  drawShape,
  plantedBugs,
  type SimulationOptions,
  type SimulationResult,
  shrink,
  simulateSeeds,
  type Violation,
  type WorldShape,
} from 'pawl/testing'
import type { Job, JobResult, StoreName } from './job.ts'

process.on('message', async (job: Job) => {
  process.send?.(await run(job))
})

async function run(job: Job): Promise<JobResult> {
  const options = optionsOf(job)
  const counts = countsFor(job)
  const { focus } = plantedBugs.find(({ name }) => name === job.bug) ?? {}
  const { failures, ...sums } = await simulateSeeds({
    ...options,
    counts,
    ...(focus !== undefined && job.shape === undefined && { shapeOf: (seed: number) => focus(drawShape(seed)) }),
    firstSeed: job.from,
    seeds: job.seeds,
    ...(job.twiceEvery !== undefined && { twiceEvery: job.twiceEvery }),
  })
  const [failure] = failures
  return { ...sums, failure: failure === undefined ? null : await told(job, failure, options) }
}

/** A planted bug is caught by what it breaks, and by nothing else. */
function countsFor({ bug }: Job): (violation: Violation) => boolean {
  const planted = plantedBugs.find(({ name }) => name === bug)
  return ({ invariant }) => planted?.caughtBy.includes(invariant) ?? true
}

function optionsOf({ store, bug, shape }: Job): Omit<SimulationOptions, 'seed'> {
  const planted = plantedBugs.find(({ name }) => name === bug)
  if (bug !== undefined && planted === undefined) throw new RangeError(`no planted bug is called "${bug}"`)
  return {
    ...(planted && { plant: planted.plant }),
    // What a report has printed.
    ...(shape !== undefined && { shape: JSON.parse(shape) as WorldShape }),
    ...storeOf(store),
  }
}

function storeOf(store: StoreName): Pick<SimulationOptions, 'store'> {
  if (store === 'memory') return {}
  return { store: (now, randomBytes) => sqliteStore({ path: ':memory:', now, randomBytes, defer: (flush) => flush() }) }
}

async function told(
  job: Job,
  found: SimulationResult,
  options: Omit<SimulationOptions, 'seed'>,
): Promise<NonNullable<JobResult['failure']>> {
  const invariant = found.violations.find(countsFor(job))?.invariant ?? ''
  if (!job.shrinks) return { seed: found.seed, invariant, report: describeFailure(found, againWith(job, found)) }
  const { failure, runs } = await shrink(found, options)
  const report = describeFailure(failure, againWith(job, failure))
  return { seed: found.seed, invariant, report: `seed ${found.seed}, made small in ${runs} runs: ${report}` }
}

function againWith({ store, bug }: Job, { seed, shape }: SimulationResult): string {
  const planted = bug === undefined ? '' : ` --bug "${bug}"`
  return `npm run prove -- simulation --store ${store} --seed ${seed}${planted} --shape '${JSON.stringify(shape)}'`
}
