/** One round: sessions, people, workers that are struck; then the faults stop, everything drains, and everything is checked. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRuntime } from 'pawl'
import type { LogEvent } from 'pawl/core'
import { type SqliteStore, sqliteStore } from 'pawl/stores/sqlite'
import type { Notes } from './acknowledged.ts'
import { errandAgent } from './agent.ts'
import { checkRound } from './check-round.ts'
import { checkStrikes } from './check-strikes.ts'
import { startCrew } from './crew.ts'
import { createDiary, type Diary } from './diary.ts'
import { finish } from './finish.ts'
import { type Entries, type LedgerClient, ledgerClient } from './ledger-client.ts'
import { limitsOf } from './mode.ts'
import { actAtRandom, createPeople, startSessions } from './people.ts'
import { planRound, type RoundPlan } from './plan-round.ts'
import type { Plant } from './planted.ts'
import type { Pool } from './pool.ts'
import type { Blow } from './strikes.ts'
import type { Violation } from './violation.ts'
import { watchFile } from './watch-file.ts'
import type { WorkerOrders } from './worker-orders.ts'

export type RoundOptions = {
  readonly seed: string
  /** Its own folder is made in here, and kept where something is wrong. */
  readonly folder: string
  readonly ledgerPort: number
  readonly pool: Pool
  readonly maxFinishMs: number
  readonly plant: Plant | null
}

export type RoundResult = {
  readonly seed: string
  readonly plan: RoundPlan
  readonly violations: readonly Violation[]
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
  readonly entries: Entries
  readonly notes: Notes
  readonly diary: Diary
  readonly blows: readonly Blow[]
}

export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const folder = join(options.folder, options.seed)
  mkdirSync(folder, { recursive: true })
  const storePath = join(folder, 'sessions.db')
  const store = sqliteStore(storePath)
  const ledger = ledgerClient(options.ledgerPort)
  try {
    const result = await runOn(options, { store, storePath, ledger })
    await store.close()
    if (result.violations.length === 0) rmSync(folder, { recursive: true, force: true })
    return result
  } finally {
    await store.close()
    ledger.close()
  }
}

type World = { readonly store: SqliteStore; readonly storePath: string; readonly ledger: LedgerClient }

async function runOn(options: RoundOptions, world: World): Promise<RoundResult> {
  const { seed, plant, maxFinishMs } = options
  const { store, storePath, ledger } = world
  const plan = planRound(seed, plant !== null)
  const limits = limitsOf[plan.mode]
  const peoplesStore = plant?.peoplesStore?.(store) ?? store
  const runtime = createRuntime({ store: peoplesStore, agents: [errandAgent(ledger)], limits, engine: null })
  const people = createPeople({ runtime, store, plan })
  await startSessions(people, plan.startedBefore)
  const watch = watchFile(storePath)
  const diary = createDiary()
  const orders = ordersOf(options, plan, storePath)
  const crew = startCrew(plan, { pool: options.pool, orders, watch, onTells: diary.keep })
  const [, blows] = await Promise.all([actAtRandom(people), crew.struck])
  const moving = await finish(people, maxFinishMs)
  const complaints = await crew.stop()
  watch.close()
  await runtime.stop()
  if (plant?.tamper !== undefined) tamper(storePath, plant.tamper)
  const entries = await ledger.entries(`${seed}.`)
  const { sessionIds, notebook: notes } = people
  const { logs, violations } = await checkRound({ store, notes, diary, entries, sessionIds })
  const found: readonly Violation[] = [
    ...complaints.map((complaint): Violation => ({ check: 'worker', sessionId: '', found: complaint })),
    ...moving.map((head): Violation => {
      return { check: 'rest', sessionId: head.sessionId, found: `after ${maxFinishMs} ms: ${JSON.stringify(head)}` }
    }),
    ...violations,
    ...checkStrikes({ blows, diary, entries, logs, limits }),
  ]
  return { seed, plan, violations: found, logs, entries, notes, diary, blows }
}

function ordersOf({ seed, ledgerPort, plant }: RoundOptions, plan: RoundPlan, storePath: string): WorkerOrders {
  const { mode, deathsAreHidden, secondTerm } = plan
  const bug = plant?.worker ?? null
  return { mode, seed, storePath, ledgerPort, deathsAreHidden, secondTerm, speaks: mode === 'term', bug }
}

function tamper(storePath: string, change: (file: DatabaseSync) => void): void {
  const file = new DatabaseSync(storePath, { timeout: 1_000 })
  change(file)
  file.close()
}
