/** The rules of every write to a log. Each reads all its preconditions before it writes anything. */
import type {
  Append,
  Appended,
  Created,
  Locked,
  NewEvent,
  NewSession,
  SessionRef,
  UnconditionalAppend,
  UnconditionallyAppended,
} from '../ports/index.ts'
import { checkEvents, InvalidWriteError } from './check.ts'
import { shardOf } from './shard.ts'
import { type HeadRow, type LogEnd, type Rules, toHead } from './tables.ts'

export function createSession(rules: Rules, { ref, agent, events, status }: NewSession): Created {
  const existing = rules.tables.head(ref)
  if (existing) return { type: 'exists', head: toHead(existing) }
  const now = rules.now()
  const head = rules.tables.insertHead({
    tenant: ref.tenant,
    sessionId: ref.sessionId,
    agent,
    shard: shardOf(ref.tenant),
    format: 0,
    version: 0,
    hash: '',
    at: now,
    createdAt: now,
    gate: 'open',
    status,
    wakeAt: now,
    fence: 0,
    workerId: null,
    deaths: 0,
    erasedAt: null,
  })
  const version = write(rules, head, { events, at: now, change: {} })
  return { type: 'created', version, storeNow: now }
}

export function append(rules: Rules, { ref, version, fence, events, at, head, wake }: Append): Appended {
  const row = rules.tables.head(ref)
  if (!row) return { type: 'unknown_session' }
  if (fence !== null && fence !== row.fence) return { type: 'fenced' }
  if (row.erasedAt !== null) return { type: 'erased' }
  const duplicate = firstDuplicate(rules, row, events)
  if (duplicate !== undefined) return { type: 'duplicate', seq: duplicate }
  const storeNow = rules.now()
  if (version !== row.version) return { type: 'conflict', version: row.version, storeNow }
  const stamp = at ?? clockOf(row, storeNow)
  if (isSkewed(rules, row, stamp)) return { type: 'skewed', storeNow }
  requireArtifacts(rules, row, head.artifacts ?? [])
  const written = write(rules, row, { events, at: stamp, change: head })
  for (const approval of head.openedApprovals ?? []) rules.tables.saveApproval(row.key, approval)
  for (const approvalId of head.closedApprovals ?? []) rules.tables.deleteApproval(row.key, approvalId)
  for (const hash of head.artifacts ?? []) rules.tables.useArtifact(row.key, { tenant: row.tenant, hash, at: storeNow })
  if (head.isProgress && row.deaths > 0) forgetDeaths(rules, row)
  if (wake) wakeUp(rules, row, storeNow)
  return { type: 'appended', version: written, storeNow }
}

/** An event that names nothing would be worse than one that is not written. */
function requireArtifacts({ tables }: Rules, { tenant }: HeadRow, hashes: readonly string[]): void {
  const missing = hashes.find((hash) => !tables.hasArtifact(tenant, hash))
  if (missing === undefined) return
  throw new InvalidWriteError(`Expected artifact ${missing} to be saved before an event names it, found none.`)
}

/** Nothing else of its row: that was read before the events were written. */
function forgetDeaths({ tables }: Rules, { key, fence, workerId, alone, wakeAt }: HeadRow): void {
  tables.saveHold(key, { fence, workerId, alone, deaths: 0, wakeAt })
}

export function appendUnconditionally(
  rules: Rules,
  { ref, event, gates, gateAfter, statusAfter, wake }: UnconditionalAppend,
): UnconditionallyAppended {
  const row = rules.tables.head(ref)
  if (!row) return { type: 'unknown_session' }
  const duplicate = firstDuplicate(rules, row, [event])
  if (duplicate !== undefined) return { type: 'duplicate', seq: duplicate }
  if (row.erasedAt !== null || !gates.includes(row.gate)) return { type: 'refused', gate: row.gate, status: row.status }
  const now = rules.now()
  const at = clockOf(row, now)
  const status = statusAfter?.keeps.includes(row.status) ? row.status : statusAfter?.status
  const change = { ...(gateAfter && { gate: gateAfter }), ...(status && { status }) }
  const seq = write(rules, row, { events: [event], at, change })
  if (wake) wakeUp(rules, row, now)
  return { type: 'appended', seq, at }
}

/** `decide` is called at most once, before anything is written: what it throws leaves nothing behind. Of an erased session it would read nothing. */
export function appendLocked(
  rules: Rules,
  { ref, after, decide }: { ref: SessionRef; after: number; decide: (locked: Locked) => Append | null },
): Appended | { readonly type: 'nothing' } {
  const row = rules.tables.head(ref)
  if (!row) return { type: 'unknown_session' }
  if (row.erasedAt !== null) return { type: 'erased' }
  const tail = rules.tables.events(ref, after, row.version)
  const decided = decide({ head: toHead(row), tail, storeNow: rules.now() })
  if (decided === null) return { type: 'nothing' }
  checkEvents(decided.events)
  return append(rules, { ...decided, ref })
}

/** Appends to the log and moves the head; returns the new version. */
function write(
  { tables, seal }: Rules,
  row: HeadRow,
  { events, at, change }: { events: readonly NewEvent[]; at: number; change: Partial<LogEnd> },
): number {
  let place = { version: row.version, hash: row.hash, at }
  let format = row.format
  for (const event of events) {
    const sealed = seal(row, place, event)
    tables.insertEvent(row.key, sealed, event.commandId)
    place = { version: sealed.seq, hash: sealed.hash, at }
    format = Math.max(format, event.format)
  }
  const { gate = row.gate, status = row.status } = change
  const { version, hash } = place
  tables.saveLogEnd(row.key, { version, hash, at, format, gate, status })
  return version
}

function firstDuplicate({ tables }: Rules, row: HeadRow, events: readonly NewEvent[]): number | undefined {
  for (const { commandId } of events) {
    const seq = commandId === undefined ? undefined : tables.seqOfCommand(row.key, commandId)
    if (seq !== undefined) return seq
  }
  return undefined
}

/** The store's clock as a session sees it: never before its last event, whatever the machine's clock did. */
function clockOf(row: HeadRow, now: number): number {
  return Math.max(row.at, now)
}

function isSkewed({ now, maxSkewMs }: Rules, row: HeadRow, at: number): boolean {
  return at < row.at || Math.abs(at - clockOf(row, now())) > maxSkewMs
}

/** A session whose time has come already keeps its place in the queue. */
function wakeUp({ tables }: Rules, row: HeadRow, now: number): void {
  if (row.wakeAt === null || row.wakeAt > now) tables.saveWakeAt(row.key, now)
}
