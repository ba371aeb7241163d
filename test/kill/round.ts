/** One round: sessions, people, workers that are killed; then the faults stop, everything drains, and everything is checked. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRuntime } from 'pawl'
import type { LogEvent } from 'pawl/core'
import { type SqliteStore, sqliteStore } from 'pawl/stores/sqlite'
import type { Notes } from './acknowledged.ts'
import { errandAgent } from './agent.ts'
import { checkRound } from './check-round.ts'
import { startCrew } from './crew.ts'
import { type Deaths, deathWatch } from './deaths.ts'
import { finish } from './finish.ts'
import { type Entries, type LedgerClient, ledgerClient } from './ledger-client.ts'
import { actAtRandom, createPeople, startSessions } from './people.ts'
import { planRound } from './plan-round.ts'
import type { Plant } from './planted.ts'
import type { Violation } from './violation.ts'
import { limits } from './worker-orders.ts'

/** Planted bugs that show only at a death should not wait for one. */
const FEWEST_PLANTED_KILLS = 3

export type RoundOptions = {
  readonly seed: string
  /** Its own folder is made in here, and kept where something is wrong. */
  readonly folder: string
  readonly ledgerPort: number
  readonly deaths: Deaths
  readonly maxFinishMs: number
  readonly plant: Plant | null
}

export type RoundResult = {
  readonly seed: string
  readonly violations: readonly Violation[]
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
  readonly entries: Entries
  readonly notes: Notes
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

async function runOn(options: RoundOptions, { store, storePath, ledger }: World): Promise<RoundResult> {
  const { seed, plant, ledgerPort, deaths, maxFinishMs } = options
  const plan = planRound(seed, plant === null ? 1 : FEWEST_PLANTED_KILLS)
  const peoplesStore = plant?.peoplesStore?.(store) ?? store
  const runtime = createRuntime({
    store: peoplesStore,
    agents: [errandAgent(ledger, {})],
    limits,
    engine: null,
  })
  const people = createPeople({ runtime, store, plan })
  await startSessions(people, plan.startedBefore)
  const orders = { storePath, ledgerPort, deathsAreHidden: plan.deathsAreHidden, bug: plant?.worker ?? null }
  const watch = deathWatch(storePath, deaths)
  const crew = startCrew(orders, plan.kills, watch.onDeath)
  await Promise.all([actAtRandom(people), crew.killed])
  const moving = await finish(people, maxFinishMs)
  const complaints = await crew.stop()
  watch.close()
  await runtime.stop()
  if (plant?.tamper !== undefined) tamper(storePath, plant.tamper)
  const entries = await ledger.entries(`${seed}.`)
  const { sessionIds, notebook: notes } = people
  const checked = await checkRound({ store, notes, entries, sessionIds })
  const violations: readonly Violation[] = [
    ...complaints.map((found) => ({ check: 'worker', sessionId: '', found }) as const),
    ...moving.map(
      (head) =>
        ({
          check: 'rest',
          sessionId: head.sessionId,
          found: `after ${maxFinishMs} ms: ${JSON.stringify(head)}`,
        }) as const,
    ),
    ...checked.violations,
  ]
  return { seed, violations, logs: checked.logs, entries, notes }
}

function tamper(storePath: string, change: (file: DatabaseSync) => void): void {
  const file = new DatabaseSync(storePath, { timeout: 1_000 })
  change(file)
  file.close()
}
