/**
 * Workers struck at any instruction by SIGKILL, by SIGSTOP past their lease, and by SIGTERM under load; nothing lost, nothing
 * done twice.
 *
 *     npm run prove -- kill [--mode kill|freeze|term] [--rounds 50] [--parallel 8] [--seed s] [--only <round's seed>] [--plants no]
 *
 * A seed repeats what people, tools and the model do, and when the signals are planned; the machine adds its own chance, also to
 * what the workers say by themselves.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { startChild } from '../run/child.ts'
import { modeOf, modes } from './mode.ts'
import { type Plant, plants } from './planted.ts'
import { createPool } from './pool.ts'
import { tell } from './report.ts'
import { type RoundResult, runRound } from './round.ts'
import { createTally } from './tally.ts'
import { tellFigures } from './tell-figures.ts'
import type { Mode } from './worker-orders.ts'

const MAX_FINISH_MS = 60_000
/** A planted bug may keep sessions from ever coming to rest. */
const MAX_PLANTED_FINISH_MS = 4_000
/** A freeze hits the instant that a bug needs about one time in eight. */
const MAX_PLANTED_ROUNDS = 60
const PARALLEL = 8

const text = { type: 'string' } as const
const flags = { mode: text, rounds: text, parallel: text, seed: text, only: text, plants: text }
const proof = openProof('kill', flags)
const { values } = proof
const rounds = countOf('rounds') ?? proof.pick({ small: 50, night: 2_000 })
const seed = values.seed ?? String(Date.now())
const chosen = modes.filter((mode) => values.mode === undefined || values.mode === mode)
if (chosen.length === 0) throw new RangeError(`expected --mode ${modes.join(', ')}; found "${values.mode}"`)

const parent = fileURLToPath(new URL('../../.tmp', import.meta.url))
mkdirSync(parent, { recursive: true })
const folder = mkdtempSync(join(parent, 'kill-'))
const port = Promise.withResolvers<number>()
const ledgerProgram = new URL('worker-ledger.ts', import.meta.url)
const ledger = startChild(ledgerProgram, [join(folder, 'ledger.db')], (line) => port.resolve(Number(line)))
const ledgerPort = await port.promise
const pool = createPool()
const tallies = new Map(modes.map((mode) => [mode, createTally()]))
const played = new Set<Mode>()

// Mode by mode in turn, so that all have had the same where time ends a run. Planted rounds first: some of them wait long.
const seeds = values.only === undefined ? seedsOf(chosen) : [values.only]
const planted = values.only === undefined && values.plants !== 'no' ? plants : []
const hunts = planted.filter(({ mode }) => chosen.includes(mode)).map((plant) => () => hunt(plant))
await inParallel([...hunts, ...seeds.map((each) => () => prove(each))], countOf('parallel') ?? PARALLEL)
await pool.close()
ledger.signal('SIGTERM')
await ledger.ended
for (const mode of new Set(seeds.map(modeOf))) {
  tellFigures(proof, { mode, tally: tallies.get(mode), rounds })
  if (!played.has(mode)) proof.skip(`${mode}: time was up before its first round`)
}
proof.notTested(
  'Workers of one file that are frozen or drained at the same time: in these rounds one of them is, and others go on.',
)
proof.notTested(
  'A worker that is frozen while it holds the lock of the file keeps all others from writing until it goes on: the rounds count it, and nothing is done about it.',
)
proof.close()
if (process.exitCode === 0) rmSync(folder, { recursive: true, force: true })

function countOf(flag: 'rounds' | 'parallel'): number | undefined {
  const given = values[flag]
  return given === undefined ? undefined : wholeNumberOf(flag, given)
}

function seedsOf(of: readonly Mode[]): readonly string[] {
  return Array.from({ length: rounds }, (_, index) => of.map((mode) => `${mode}-${seed}-${index + 1}`)).flat()
}

function round(roundSeed: string, plant: Plant | null): Promise<RoundResult> {
  const maxFinishMs = plant === null ? MAX_FINISH_MS : MAX_PLANTED_FINISH_MS
  return runRound({ seed: roundSeed, folder, ledgerPort, pool, maxFinishMs, plant })
}

async function prove(roundSeed: string): Promise<void> {
  if (proof.isTimeUp()) return
  const result = await round(roundSeed, null)
  tallies.get(result.plan.mode)?.add(result)
  played.add(result.plan.mode)
  if (result.violations.length === 0) proof.pass()
  else proof.fail(tell(result))
}

/** Plays rounds with the bug until the right check notices it. */
async function hunt(plant: Plant): Promise<void> {
  const { mode, bug, caughtBy } = plant
  const others = new Set<string>()
  for (let tries = 1; tries <= MAX_PLANTED_ROUNDS; tries += 1) {
    const { seed: roundSeed, violations } = await round(
      `${mode}-${seed}-planted-${plants.indexOf(plant)}-${tries}`,
      plant,
    )
    rmSync(join(folder, roundSeed), { recursive: true, force: true })
    const noticed = violations.find(({ check }) => caughtBy.includes(check))
    for (const { check } of violations) others.add(check)
    if (noticed === undefined) continue
    proof.caught({ bug: `${mode}: ${bug}`, by: noticed.check, tries, of: 'rounds' })
    return proof.pass()
  }
  proof.fail(
    `not caught in ${MAX_PLANTED_ROUNDS} rounds: ${mode}: ${bug}; noticed: ${[...others].join(', ') || 'nothing'}`,
  )
}

async function inParallel(jobs: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const left = jobs.values()
  const lane = async (): Promise<void> => {
    for (const job of left) await job()
  }
  await Promise.all(Array.from({ length: width }, lane))
}
