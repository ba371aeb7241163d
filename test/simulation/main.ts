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
import { wholeNumberOf } from '../prove/whole-number.ts'
import type { Job, JobResult, StoreName } from './job.ts'
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

const SEEDS_OF_A_SHARE = 100
const TWICE_EVERY = 100
/** The night begins where the small size ends. */
const FIRST_SEED = { small: 1, night: 10_001 }
/** From this many on the rarest coverage mark is met dozens of times, so that a missing one is no chance, whether or not time was up. */
const SEEDS_FOR_MARKS = 100_000
const SEEDS = { memory: { small: 10_000, night: 1_000_000 }, sqlite: { small: 400, night: 20_000 } }

const asked = {
  seed: wholeNumber('seed', 0),
  from: wholeNumber('from', 0),
  seeds: wholeNumber('seeds', 1),
  store: storeOf(values.store),
}
const pool = openPool()
const total = { events: 0, sessions: 0, twice: 0 }
const marks: MarkCounts = {}

if (asked.seed !== null) await repeat(asked.seed)
else if (values.bugs === true) await catchPlantedBugs()
else if (asked.seeds !== null) await simulateStores([planOf(asked.store, asked.seeds)])
else await prove()
pool.close()
proof.close()

async function prove(): Promise<void> {
  await keepSituations()
  await catchPlantedBugs()
  const plans = [planOf('sqlite', proof.pick(SEEDS.sqlite)), planOf('memory', proof.pick(SEEDS.memory))]
  const startedAt = performance.now()
  await simulateStores(plans)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  proof.figure({ name: 'time of all seeds (goal for 10,000: 60 s)', value: seconds, unit: 's' })
  tellTotals()
  // A plan ends at its first failure: what it has not met by then means nothing.
  if (plans.every(({ failures }) => failures === 0)) tellMarks(plans)
  proof.notTested(
    'The simulation runs each of its processes in one process of Node: what the operating system, the disk and real parallelism do is for the other proofs.',
  )
  proof.notTested(
    'A worker that is frozen exactly between the commit of an intent and its start: the simulated processes freeze only where they wait.',
  )
}

/** What is to be run on a store, and how far it has come. */
type Plan = { readonly store: StoreName; readonly goal: number; begun: number; run: number; failures: number }

function planOf(store: StoreName, goal: number): Plan {
  return { store, goal, begun: 0, run: 0, failures: 0 }
}

/** The stores take turns, in proportion to their goals: wherever time ends the run, each has had its part. */
async function simulateStores(plans: readonly Plan[]): Promise<void> {
  const first = asked.from ?? FIRST_SEED[proof.size]
  const next = () => {
    const [plan] = plans
      .filter(({ begun, goal, failures }) => begun < goal && failures === 0)
      .sort((one, other) => one.begun / one.goal - other.begun / other.goal)
    if (plan === undefined || proof.isTimeUp()) return null
    const seeds = Math.min(SEEDS_OF_A_SHARE, plan.goal - plan.begun)
    const job = { store: plan.store, from: first + plan.begun, seeds, twiceEvery: TWICE_EVERY, shrinks: true, plan }
    plan.begun += seeds
    return job
  }
  await pool.run(next, {
    onResult: ({ plan }, result) => take(plan, result),
    onLost: ({ plan, ...job }, why) => {
      plan.failures += 1
      proof.fail(lost(job, why))
    },
  })
  for (const plan of plans) tellPlan(plan)
}

function take(plan: Plan, result: JobResult): void {
  plan.run += result.seeds
  total.events += result.events
  total.sessions += result.sessions
  total.twice += result.twice
  addMarks(marks, result.marks)
  if (result.failure === null) return
  plan.failures += 1
  proof.fail(result.failure.report)
}

/** Seeds that were not run prove nothing. */
function tellPlan({ store, goal, run, failures }: Plan): void {
  proof.figure({ name: `seeds on the ${store} store`, value: run, unit: 'seeds', goal })
  if (failures > 0) return
  if (run > 0) proof.pass()
  else proof.skip(`the ${store} store: time was up before its first seeds`)
}

async function catchPlantedBugs(): Promise<void> {
  const jobs = plantedBugs.map(({ name, withinSeeds, caughtBy }) => ({
    store: 'memory' as const,
    from: 1,
    seeds: withinSeeds,
    bug: name,
    caughtBy: caughtBy.join('" or "'),
    shrinks: false,
  }))
  await pool.run(each(jobs), {
    onResult: ({ bug, caughtBy, seeds }, { failure }) => {
      if (failure === null) return proof.fail(`planted: ${bug}: NOT caught by "${caughtBy}" within ${seeds} seeds`)
      proof.pass()
      proof.caught({ bug, by: failure.invariant, tries: failure.seed, of: 'seeds' })
    },
    onLost: (job, why) => proof.fail(lost(job, why)),
  })
}

function lost({ store, from, seeds, bug }: Job, why: string): string {
  const planted = bug === undefined ? '' : `planted: ${bug}: `
  return `${planted}seeds ${from} to ${from + seeds - 1} on the ${store} store: ${why}`
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

/** What was not met is a failure only where enough was run to meet it. */
function tellMarks(plans: readonly Plan[]): void {
  const missed = missedMarks(marks)
  for (const [name, count] of Object.entries(marks).sort(([one], [other]) => one.localeCompare(other)))
    console.log(`  ${count} × ${name}`)
  proof.figure({
    name: 'coverage marks met',
    value: coverageMarks.length - missed.length,
    unit: 'situations',
    goal: coverageMarks.length,
  })
  if (missed.length === 0) proof.pass()
  const seeds = plans.reduce((sum, { run }) => sum + run, 0)
  const isEnough = seeds >= SEEDS_FOR_MARKS || plans.every(({ run, goal }) => run === goal)
  for (const name of missed) {
    if (isEnough) proof.fail(`no seed has met "${name}"`)
    else proof.skip(`coverage mark "${name}": not met when time was up`)
  }
}

async function repeat(seed: number): Promise<void> {
  const { bug, shape } = values
  const job: Job = {
    store: asked.store,
    from: seed,
    seeds: 1,
    twiceEvery: 1,
    shrinks: false,
    ...(bug !== undefined && { bug }),
    ...(shape !== undefined && { shape }),
  }
  await pool.run(each([job]), {
    onResult: (_, { failure, marks: met }) => {
      if (failure !== null) return proof.fail(failure.report)
      proof.pass()
      console.log(`seed ${seed} on ${job.store}: nothing was broken; met: ${Object.keys(met).join(', ')}`)
    },
    onLost: (again, why) => proof.fail(lost(again, why)),
  })
}

/** A run that was asked for something else than was meant would prove nothing, and end well. Null: it was not given. */
function wholeNumber(flag: 'seed' | 'from' | 'seeds', least: 0 | 1): number | null {
  const text = values[flag]
  return text === undefined ? null : wholeNumberOf(flag, text, least)
}

function storeOf(name = 'memory'): StoreName {
  if (name === 'memory' || name === 'sqlite') return name
  throw new RangeError(`expected --store memory or sqlite, found "${name}"`)
}
