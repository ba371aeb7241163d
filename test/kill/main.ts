/**
 * Workers killed with SIGKILL at any instruction, and nothing lost or done twice.
 *
 *     node --conditions=pawl-source test/kill/main.ts [--rounds 50] [--parallel 6] [--seed s] [--only <round's seed>] [--plants yes|no]
 *
 * A seed repeats what people, tools and the model do, and when the kills are planned; the machine adds its own chance.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from './child.ts'
import { type Deaths, noDeaths } from './deaths.ts'
import { type Plant, plants } from './planted.ts'
import { createTally, tell } from './report.ts'
import { type RoundResult, runRound } from './round.ts'

const MAX_FINISH_MS = 60_000
/** A planted bug may keep sessions from ever coming to rest. */
const MAX_PLANTED_FINISH_MS = 6_000
const MAX_PLANTED_ROUNDS = 10

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    parallel: { type: 'string', default: '6' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string' },
    plants: { type: 'string', default: 'yes' },
  },
})

const parent = fileURLToPath(new URL('../../.tmp', import.meta.url))
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'kill-'))
const ledger = startChild('worker-ledger.ts', join(folder, 'ledger.db'))
const ledgerPort = Number(await ledger.firstLine)
const startedAt = performance.now()

const seeds = values.only === undefined ? seedsOf(values.seed, Number(values.rounds)) : [values.only]
const deaths = noDeaths()
const tally = createTally()
const passed: string[] = []
const failed: string[] = []
const caught: string[] = []
const missed: string[] = []
const isPlanted = values.plants === 'yes' && values.only === undefined
// Planted rounds first: some of them wait long, and others work meanwhile.
const jobs = [...(isPlanted ? plants.map((plant) => () => hunt(plant)) : []), ...seeds.map((seed) => () => prove(seed))]
await inParallel(jobs, Number(values.parallel))
console.log(tally.report(deaths))
for (const line of caught) console.log(`caught: ${line}`)
for (const bug of missed) console.log(`FAIL not caught in ${MAX_PLANTED_ROUNDS} rounds: ${bug}`)

ledger.signal('SIGTERM')
await ledger.ended
if (failed.length === 0) rmSync(folder, { recursive: true, force: true })
console.log(`${Math.round((performance.now() - startedAt) / 1_000)} s, seed ${values.seed}`)
console.log(`${passed.length + caught.length} passed, ${failed.length + missed.length} failed, 0 skipped`)
process.exitCode = failed.length + missed.length === 0 ? 0 : 1

function seedsOf(seed: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${seed}-${index + 1}`)
}

function round(seed: string, plant: Plant | null, into: Deaths): Promise<RoundResult> {
  const maxFinishMs = plant === null ? MAX_FINISH_MS : MAX_PLANTED_FINISH_MS
  return runRound({ seed, folder, ledgerPort, deaths: into, maxFinishMs, plant })
}

async function prove(seed: string): Promise<void> {
  const result = await round(seed, null, deaths)
  tally.add(result)
  const isGood = result.violations.length === 0
  ;(isGood ? passed : failed).push(seed)
  if (!isGood) console.log(tell(result))
}

/** Plays rounds with the bug until the right check notices it. */
async function hunt(plant: Plant): Promise<void> {
  for (let tries = 1; tries <= MAX_PLANTED_ROUNDS; tries += 1) {
    const seed = `${values.seed}-planted-${plants.indexOf(plant)}-${tries}`
    const { violations } = await round(seed, plant, noDeaths())
    rmSync(join(folder, seed), { recursive: true, force: true })
    const noticed = violations.find(({ check }) => plant.caughtBy.includes(check))
    if (noticed === undefined) continue
    caught.push(`${plant.bug}, in round ${tries} by "${noticed.check}": ${noticed.found.slice(0, 160)}`)
    return
  }
  missed.push(plant.bug)
}

async function inParallel(jobs: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const left = [...jobs]
  const lane = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job()
  }
  await Promise.all(Array.from({ length: width }, lane))
}
