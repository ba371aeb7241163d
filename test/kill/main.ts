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
import { report, tell } from './report.ts'
import { type RoundResult, runRound } from './round.ts'

const MAX_FINISH_MS = 60_000
/** A planted bug may keep sessions from ever coming to rest. */
const MAX_PLANTED_FINISH_MS = 6_000
const MAX_PLANTED_ROUNDS = 6

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
const results: RoundResult[] = []
await inParallel(seeds, Number(values.parallel), async (seed) => {
  const result = await round(seed, null, deaths)
  results.push(result)
  if (result.violations.length > 0) console.log(tell(result))
})
console.log(report(results, deaths))

const isPlanted = values.plants === 'yes' && values.only === undefined
const caught: string[] = []
const missed: string[] = []
await inParallel(isPlanted ? plants : [], Number(values.parallel), async (plant) => {
  const line = await hunt(plant)
  if (line === null) missed.push(plant.bug)
  else caught.push(line)
})
for (const line of caught) console.log(`caught: ${line}`)
for (const bug of missed) console.log(`FAIL not caught in ${MAX_PLANTED_ROUNDS} rounds: ${bug}`)

ledger.signal('SIGTERM')
await ledger.ended
const bad = results.filter(({ violations }) => violations.length > 0)
if (bad.length === 0) rmSync(folder, { recursive: true, force: true })
console.log(`${Math.round((performance.now() - startedAt) / 1_000)} s, seed ${values.seed}`)
console.log(
  `${results.length - bad.length + caught.length} passed, ${bad.length + missed.length} failed, 0 skipped`,
)
process.exitCode = bad.length + missed.length === 0 ? 0 : 1

function seedsOf(seed: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${seed}-${index + 1}`)
}

function round(seed: string, plant: Plant | null, into: Deaths): Promise<RoundResult> {
  const maxFinishMs = plant === null ? MAX_FINISH_MS : MAX_PLANTED_FINISH_MS
  return runRound({ seed, folder, ledgerPort, deaths: into, maxFinishMs, plant })
}

/** How the bug was caught; null where its check never noticed. */
async function hunt(plant: Plant): Promise<string | null> {
  for (let tries = 1; tries <= MAX_PLANTED_ROUNDS; tries += 1) {
    const seed = `${values.seed}-planted-${plants.indexOf(plant)}-${tries}`
    const { violations } = await round(seed, plant, noDeaths())
    rmSync(join(folder, seed), { recursive: true, force: true })
    const noticed = violations.find(({ check }) => plant.caughtBy.includes(check))
    if (noticed !== undefined)
      return `${plant.bug}, in round ${tries} by "${noticed.check}": ${noticed.found.slice(0, 160)}`
  }
  return null
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
