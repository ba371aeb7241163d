/**
 * Time of a turn, from one request to the next, for each way of remembering: late turns of a session against its early ones, in memory
 * and on SQLite. All ways take turns within a round. Requests of memory's own belong to the turn that they stand in front of.
 */
import { join } from 'node:path'
import type { Store } from 'pawl'
import { memoryStore } from 'pawl/stores/memory'
import { sqliteStore } from 'pawl/stores/sqlite'
import { atMost, type Benchmark, type Finding, type Goal, type Size } from './run/finding.ts'
import { inScratch } from './run/scratch.ts'
import { mean, median } from './run/statistics.ts'
import { shown } from './run/table.ts'
import { type DeskWork, deskWork } from './sides/desk-work.ts'
import { runDesk } from './sides/memory-side.ts'
import { NO_STRATEGY, type Remembering, strategies } from './sides/memory-strategies.ts'

const TURNS = 200
const MANY_TURNS = 2_000
/** Turns whose mean is one point of the slope: what leaves a prompt leaves it in steps that a median would not see. */
const STRETCH = 200
const ROUNDS: Readonly<Record<Size, number>> = { small: 3, full: 15 }

const stores = ['memory', 'SQLite'] as const
type StoreName = (typeof stores)[number]

export const memoryTime: Benchmark = async (size) => {
  const [work, longWork] = [oneErrand(deskWork(TURNS)), oneErrand(deskWork(MANY_TURNS))]
  const findings: Finding[] = []
  for (const store of stores) {
    const rounds = await roundsOf(store, { work, count: ROUNDS[size] })
    findings.push(...Object.keys(strategies).map((name) => lateAgainstEarly(name, store, rounds.get(name) ?? [])))
    // A prompt that everything stands in grows with the session: there is nothing to judge.
    const bounded = Object.entries(strategies).filter(([name]) => name !== NO_STRATEGY)
    for (const [name, remembering] of bounded)
      findings.push(slopeOf(name, store, await timesOf(store, { work: longWork, remembering })))
  }
  return findings
}

/** One message, so that no turn waits for a person to write. */
function oneErrand(work: DeskWork): DeskWork {
  const [first] = work.errands
  if (first === undefined) throw new RangeError('expected errands, found none')
  return { ...work, errands: [{ ...first, calls: work.errands.flatMap(({ calls }) => calls) }] }
}

type Rounds = ReadonlyMap<string, readonly (readonly number[])[]>

/** The first round warms up, and is not counted. */
async function roundsOf(
  store: StoreName,
  { work, count }: { readonly work: DeskWork; readonly count: number },
): Promise<Rounds> {
  const rounds = new Map<string, (readonly number[])[]>()
  for (let round = 0; round <= count; round += 1)
    for (const [name, remembering] of Object.entries(strategies)) {
      const times = await timesOf(store, { work, remembering })
      if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), times])
    }
  return rounds
}

type Session = { readonly work: DeskWork; readonly remembering: Remembering }

function timesOf(store: StoreName, session: Session): Promise<readonly number[]> {
  if (store === 'memory') return turnTimes(memoryStore(), session)
  return inScratch(async (folder) => {
    const opened = sqliteStore(join(folder, 'pawl.db'))
    const times = await turnTimes(opened, session)
    await opened.close()
    return times
  })
}

/** Milliseconds of each turn but the last. */
async function turnTimes(store: Store, { work, remembering }: Session): Promise<readonly number[]> {
  globalThis.gc?.()
  const asked = await runDesk(store, work, { remembering, isCounted: false })
  const decided = asked.filter(({ purpose }) => purpose === 'decide')
  return decided.slice(1).map(({ atMs }, index) => atMs - (decided[index]?.atMs ?? atMs))
}

const FEW = 20

function lateAgainstEarly(name: string, store: StoreName, rounds: readonly (readonly number[])[]): Finding {
  const early = median(rounds.flatMap((times) => times.slice(1, FEW)))
  const late = median(rounds.flatMap((times) => times.slice(-FEW)))
  const goal: Goal | null = name === NO_STRATEGY ? null : atMost(FLAT)
  return {
    name: `turns ${TURNS - FEW + 1} to ${TURNS} against 2 to ${FEW}, ${name}, ${store}`,
    unit: 'x',
    value: late / early,
    goal,
    note: `p50 ${shown(late)} against ${shown(early)} ms`,
  }
}

/** An early prompt is not full yet, and a full one takes longer to build: that is no growth with the session. */
const FLAT = 1.5

/** Prompts are full in both stretches, so that what grows is what should not. */
function slopeOf(name: string, store: StoreName, times: readonly number[]): Finding {
  const early = mean(times.slice(STRETCH, 2 * STRETCH))
  const late = mean(times.slice(-STRETCH))
  return {
    name: `turns ${shown(MANY_TURNS - STRETCH + 1)} to ${shown(MANY_TURNS)} against ${STRETCH + 1} to ${2 * STRETCH}, ${name}, ${store}`,
    unit: 'x',
    value: late / early,
    goal: atMost(SLOPE),
    note: `mean ${shown(late)} against ${shown(early)} ms, memory's own work and all`,
  }
}

const SLOPE = 1.15
