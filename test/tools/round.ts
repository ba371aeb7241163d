/** A round of the proof: a folder, a store, and what was found wrong. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRuntime, type PawlEvent } from 'pawl'
import { type SqliteStore, sqliteStore } from 'pawl/stores/sqlite'
import { decodeEvent } from '../../src/runtime/index.ts'
import { AGENT, errands } from './errands.ts'
import type { Bug, Errand, Orders } from './orders.ts'

const parent = fileURLToPath(new URL('../../.tmp', import.meta.url))

export type Round = {
  readonly orders: Orders
  readonly store: SqliteStore
  readonly violations: string[]
  start(errand: Errand): Promise<string>
  events(sessionId: string): Promise<readonly PawlEvent[]>
  status(sessionId: string): Promise<string>
}

export type RoundOptions = {
  readonly limits: Orders['limits']
  readonly bug: Bug | null
  readonly isPlanted?: boolean
}

/** Returns what was found wrong; the folder stays where it was not nothing. */
export async function inRound(
  options: RoundOptions,
  body: (round: Round) => Promise<void>,
): Promise<readonly string[]> {
  const { isPlanted = false, ...told } = options
  const { bug } = told
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'tools-'))
  const orders: Orders = {
    storePath: join(folder, 'sessions.db'),
    deedsPath: join(folder, 'deeds.ndjson'),
    goPath: join(folder, 'go'),
    ...told,
  }
  const store = sqliteStore(orders.storePath)
  // Starts sessions, and drives none.
  const runtime = createRuntime({ store, agents: [errands(orders)], engine: null })
  const violations: string[] = []
  const refOf = (sessionId: string) => ({ tenant: 'default', sessionId })
  await body({
    orders,
    store,
    violations,
    start: async (errand) => (await runtime.start(AGENT, { message: JSON.stringify(errand) })).sessionId,
    events: async (sessionId) =>
      (await store.read(refOf(sessionId), 0, 10_000)).map((stored) => decodeEvent(refOf(sessionId), stored).event),
    status: async (sessionId) => (await store.head(refOf(sessionId)))?.status ?? 'no such session',
  })
  await runtime.stop()
  await store.close()
  if (violations.length === 0 || bug !== null || isPlanted) rmSync(folder, { recursive: true, force: true })
  return violations
}
