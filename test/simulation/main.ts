/**
 * The simulation as a proof: worlds on both stores, every planted bug within its number of seeds, the kept situations, and the
 * coverage marks. `--seed N --store S [--bug NAME] [--shape JSON]` repeats one; `--seeds N [--from N] [--store S]` runs some;
 * `--bugs` plants the bugs and does nothing else.
 */
import {
  addMarks,
  coverageMarks,
  drawShape,
  keptSituations,
  type MarkCounts,
  missedMarks,
  plantedBugs,
  simulateSeeds,
} from 'pawl/testing'
import { openProof } from '../prove/proof.ts'
import type { Job, StoreName } from './job.ts'
import { each, openPool } from './pool.ts'

const proof = openProof('simulation', {
  seeds: { type: 'string' },
  from: { type: 'string' },
  seed: { type: 'string' },
  store: { type: 'string' },
  bug: { type: 'string' },
  shape: { type: 'string' },
  bugs: { type: 'boolean' },
})
const { values } = proof

const SEEDS_OF_A_SHARE = 500
const TWICE_EVERY = 100
/** The night begins where the small size ends. */
const FIRST_SEED = { small: 1, night: 10_001 }
const SEEDS = { memory: { small: 10_000, night: 1_000_000 }, sqlite: { small: 1_000, night: 20_000 } }

const pool = openPool()
const total = { events: 0, sessions: 0, twice: 0 }
const marks: MarkCounts = {}

if (values.seed !== undefined) await repeat(Number(values.seed))
else if (values.bugs === true) await catchPlantedBugs()
else if (values.seeds !== undefined) await simulateStore(storeOf(values.store), Number(values.seeds))
else await prove()
pool.close()
proof.close()

async function prove(): Promise<void> {
  await keepSituations()
  await catchPlantedBugs()
  await simulateStore('sqlite', proof.pick(SEEDS.sqlite))
  await simulateStore('memory', proof.pick(SEEDS.memory))
  tellTotals()
  tellMarks()
  proof.notTested(
    'The simulation runs each of its processes in one process of Node: what the operating system, the disk and real parallelism do is for the other proofs.',
  )
  proof.notTested(
    'A worker that is frozen exactly between the commit of an intent and its start: the simulated processes freeze only where they wait.',
  )
}

async function simulateStore(store: StoreName, seeds: number): Promise<void> {
  const first = values.from === undefined ? FIRST_SEED[proof.size] : Number(values.from)
  let begun = 0
  let run = 0
  let failures = 0
  const next = (): Job | null => {
    if (begun >= seeds || failures > 0 || proof.isTimeUp()) return null
    const from = first + begun
    const share = Math.min(SEEDS_OF_A_SHARE, seeds - begun)
    begun += share
    return { store, from, seeds: share, twiceEvery: TWICE_EVERY, shrinks: true }
  }
  await pool.run(next, (_, result) => {
    run += result.seeds
    total.events += result.events
    total.sessions += result.sessions
    total.twice += result.twice
    addMarks(marks, result.marks)
    if (result.failure === null) return
    failures += 1
    proof.fail(result.failure.report)
  })
  proof.figure({ name: `seeds on the ${store} store`, value: run, unit: 'seeds', goal: seeds })
  if (failures === 0) proof.pass()
}

async function catchPlantedBugs(): Promise<void> {
  const jobs = plantedBugs.map(({ name, withinSeeds }) => ({
    store: 'memory' as const,
    from: 1,
    seeds: withinSeeds,
    bug: name,
    shrinks: false,
  }))
  await pool.run(each(jobs), ({ bug, seeds }, { failure }) => {
    if (failure === null) return proof.fail(`planted: ${bug}: NOT caught within ${seeds} seeds`)
    proof.pass()
    proof.caught({ bug, by: failure.invariant, tries: failure.seed, of: 'seeds' })
  })
}

/** Bugs that were fixed: the situation of each still occurs in its kind of world, and breaks nothing. */
async function keepSituations(): Promise<void> {
  for (const { bug, firstSeed, seeds, focus, mark } of keptSituations) {
    const result = await simulateSeeds({ firstSeed, seeds, shapeOf: (seed) => focus(drawShape(seed)) })
    const [failure] = result.failures
    if (failure !== undefined) proof.fail(`kept situation (${bug}): seed ${failure.seed} breaks something again`)
    else if ((result.marks[mark] ?? 0) === 0) proof.fail(`kept situation (${bug}): no seed meets "${mark}"`)
    else proof.pass()
  }
  proof.figure({ name: 'kept situations of fixed bugs', value: keptSituations.length, unit: 'situations' })
}

function tellTotals(): void {
  proof.figure({ name: 'events', value: total.events, unit: 'events' })
  proof.figure({ name: 'sessions', value: total.sessions, unit: 'sessions' })
  proof.figure({ name: 'seeds run two times, with the same history', value: total.twice, unit: 'seeds' })
}

function tellMarks(): void {
  const names = Object.keys(coverageMarks)
  const missed = missedMarks(marks)
  for (const [name, count] of Object.entries(marks).sort(([one], [other]) => one.localeCompare(other)))
    console.log(`  ${count} × ${name}`)
  proof.figure({
    name: 'coverage marks met',
    value: names.length - missed.length,
    unit: 'situations',
    goal: names.length,
  })
  if (missed.length === 0) proof.pass()
  for (const name of missed) proof.fail(`no seed has met "${name}"`)
}

async function repeat(seed: number): Promise<void> {
  const { bug, shape } = values
  const job: Job = {
    store: storeOf(values.store),
    from: seed,
    seeds: 1,
    twiceEvery: 1,
    shrinks: false,
    ...(bug !== undefined && { bug }),
    ...(shape !== undefined && { shape }),
  }
  await pool.run(each([job]), (_, { failure, marks: met }) => {
    if (failure !== null) return proof.fail(failure.report)
    proof.pass()
    console.log(`seed ${seed} on ${job.store}: nothing was broken; met: ${Object.keys(met).join(', ')}`)
  })
}

function storeOf(name: string | undefined): StoreName {
  return name === 'sqlite' ? 'sqlite' : 'memory'
}
