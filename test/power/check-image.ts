/** Opens an image as a store that comes back after the power was lost would be opened, and looks for what may not be. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Head, Store, StoredEvent } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { verifyChain } from '../../src/stores/chain.ts'
import type { Acknowledged } from './acknowledged.ts'
import type { Image } from './image.ts'
import { STORE_FILE, TENANT } from './writer-orders.ts'

/**
 * `readable`: the file opens, and SQLite finds nothing wrong in it. `chain`: every log is whole, unaltered, and ends where its head says.
 * `acknowledged`: what was said before the cut stands. `whole`: a head is where some commit ended. `usable`: it takes new writes.
 */
export type CheckName = 'readable' | 'chain' | 'acknowledged' | 'whole' | 'usable'
export type Violation = { readonly check: CheckName; readonly found: string }

export type Expected = {
  /** Said before the cut. */
  readonly before: Pick<Acknowledged, 'ends' | 'fences'>
  /** Said in the whole trace. */
  readonly everything: Pick<Acknowledged, 'commits'>
}

const MANY = 1_000_000
const LEASE_MS = 60_000

/** `folder` is made, and removed again. Stops at the first check that finds something. */
export async function checkImage(image: Image, folder: string, expected: Expected): Promise<readonly Violation[]> {
  mkdirSync(folder, { recursive: true })
  try {
    for (const [name, content] of image.files) writeFileSync(join(folder, name), content)
    return await checkFile(join(folder, STORE_FILE), expected)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkFile(path: string, expected: Expected): Promise<readonly Violation[]> {
  let store: Store | null = null
  try {
    store = sqliteStore(path)
    const unsound = checkPages(path)
    if (unsound.length > 0) return unsound
    const found = await checkLogs(store, expected)
    return found.length > 0 ? found : await checkUse(store)
  } catch (error) {
    return [{ check: 'readable', found: error instanceof Error ? error.message : String(error) }]
  } finally {
    await store?.close()
  }
}

function checkPages(path: string): readonly Violation[] {
  const database = new DatabaseSync(path)
  try {
    const rows = database.prepare('PRAGMA integrity_check').all()
    const said = rows.map((row) => String(row['integrity_check']))
    return said.filter((each) => each !== 'ok').map((found) => ({ check: 'readable', found }))
  } finally {
    database.close()
  }
}

async function checkLogs(store: Store, { before, everything }: Expected): Promise<readonly Violation[]> {
  const heads = new Map((await store.sessions({ limit: MANY })).map((head) => [head.sessionId, head]))
  const violations: Violation[] = []
  const logs = new Map<string, readonly StoredEvent[]>()
  for (const head of heads.values()) {
    const log = await store.read(head, 0, MANY)
    logs.set(head.sessionId, log)
    violations.push(...checkChain(head, log), ...checkWhole(head, everything))
  }
  for (const [sessionId, end] of before.ends) violations.push(...checkEnd(sessionId, end, logs.get(sessionId) ?? []))
  for (const [sessionId, fence] of before.fences) {
    const found = heads.get(sessionId)?.fence ?? 0
    if (found < fence) violations.push(say('acknowledged', `${sessionId} had the fence ${fence}, and has ${found}`))
  }
  return violations
}

function checkChain(head: Head, log: readonly StoredEvent[]): readonly Violation[] {
  const checked = verifyChain(head, log, { head })
  const empty = log.find(({ body }) => body === null)
  if (empty !== undefined) return [say('chain', `${head.sessionId} has no body at ${empty.seq}`)]
  if (checked.type === 'holds') return []
  return [
    say('chain', `${head.sessionId} breaks at ${checked.seq} (${checked.reason}); its head is at ${head.version}`),
  ]
}

function checkWhole({ sessionId, version, hash }: Head, { commits }: Expected['everything']): readonly Violation[] {
  const committed = commits.get(sessionId)?.get(version)
  if (committed === undefined) return [say('whole', `${sessionId} is at ${version}, where no commit ended`)]
  return committed === null || committed === hash ? [] : [say('whole', `${sessionId} has another event at ${version}`)]
}

type End = { readonly version: number; readonly hash: string | null }

/** The hash of the last event chains all before it: where it stands, and the chain holds, so do they. */
function checkEnd(sessionId: string, { version, hash }: End, log: readonly StoredEvent[]): readonly Violation[] {
  const event = log[version - 1]
  if (event === undefined) return [say('acknowledged', `${sessionId} had ${version} events, and has ${log.length}`)]
  return hash === null || event.hash === hash
    ? []
    : [say('acknowledged', `${sessionId} has another event at ${version}`)]
}

async function checkUse(store: Store): Promise<readonly Violation[]> {
  try {
    return await use(store)
  } catch (error) {
    return [say('usable', String(error))]
  }
}

/** Somebody takes a session over and goes on, and somebody starts another. */
async function use(store: Store): Promise<readonly Violation[]> {
  const events = [{ kind: 'message_received', format: 0, body: '{}' }]
  const ref = { tenant: TENANT, sessionId: 'after-the-power-came-back' }
  await store.create({ ref, agent: 'clerk', events, status: 'running' })
  const workerId = 'after'
  await store.enlist({ workerId, holder: workerId, leaseMs: LEASE_MS })
  const violations: Violation[] = []
  for (const head of await store.sessions({ limit: 2 })) {
    const deadWorkers = head.workerId === null ? [] : [head.workerId]
    const claimed = await store.claim(head, { workerId, format: head.format, deadWorkers, alone: true })
    const fence = claimed.type === 'claimed' ? claimed.fence : null
    const appended = await store.append({ ref: head, version: head.version, fence, events, at: null, head: {} })
    const after = await store.head(head)
    const isRight = claimed.type === 'claimed' && appended.type === 'appended' && after !== null
    if (!isRight) violations.push(say('usable', `${head.sessionId}: ${claimed.type}, then ${appended.type}`))
    else violations.push(...checkChain(after, await store.read(head, 0, MANY)))
  }
  return violations
}

function say(check: CheckName, found: string): Violation {
  return { check, found }
}
