import type { ApprovalRow, Artifact, Head, SessionFilter, SessionRef, StoredEvent } from '../ports/index.ts'
import { type HeadRow, type Snapshot, type Tables, toHead, type WorkerRow } from './tables.ts'

/** One session, as it is kept. `key` is its place in the list of sessions. */
type Session = {
  head: HeadRow
  readonly events: StoredEvent[]
  readonly commands: Map<string, number>
  readonly approvals: Map<string, ApprovalRow>
  snapshot: Snapshot | undefined
}

/** Rows in Maps. Events and approvals are frozen, heads and snapshots are copied: what was handed out never changes. */
export function memoryTables(): Tables {
  const sessions: Session[] = []
  const byRef = new Map<string, Session>()
  const find = (ref: SessionRef): Session | undefined => byRef.get(keyOf(ref))
  return {
    head: (ref) => find(ref)?.head,
    insertHead(head) {
      const row: HeadRow = { ...head, key: sessions.length, alone: false }
      const session = {
        head: row,
        events: [],
        commands: new Map(),
        approvals: new Map(),
        snapshot: undefined,
      }
      sessions.push(session)
      byRef.set(keyOf(head), session)
      return row
    },
    ...logTables((key) => at(sessions, key), find),
    ...approvalTables((key) => at(sessions, key), sessions),
    ...leaseTables(sessions),
    heads: (filter) => headsOf(sessions, filter),
    ...blobTables((key) => at(sessions, key), find),
    ...artifactTables(),
    ...erasureTables((key) => at(sessions, key)),
  }
}

type ByKey = (key: number) => Session
type ByRef = (ref: SessionRef) => Session | undefined

function logTables(
  session: ByKey,
  find: ByRef,
): Pick<Tables, 'saveLogEnd' | 'saveHold' | 'saveWakeAt' | 'seqOfCommand' | 'insertEvent' | 'events'> {
  const change = (key: number, fields: Partial<HeadRow>): void => {
    const kept = session(key)
    kept.head = { ...kept.head, ...fields }
  }
  return {
    saveLogEnd: change,
    saveHold: change,
    saveWakeAt: (key, wakeAt) => change(key, { wakeAt }),
    seqOfCommand: (key, commandId) => session(key).commands.get(commandId),
    insertEvent(key, event, commandId) {
      const { events, commands } = session(key)
      events.push(Object.freeze(event))
      if (commandId !== undefined) commands.set(commandId, event.seq)
    },
    events: (ref, after, limit) => find(ref)?.events.slice(after, after + limit) ?? [],
  }
}

function approvalTables(
  session: ByKey,
  sessions: readonly Session[],
): Pick<Tables, 'saveApproval' | 'deleteApproval' | 'approvals'> {
  return {
    saveApproval(key, approval) {
      const { head, approvals } = session(key)
      const { tenant, sessionId } = head
      approvals.set(approval.approvalId, Object.freeze({ tenant, sessionId, ...approval }))
    },
    deleteApproval: (key, approvalId) => session(key).approvals.delete(approvalId),
    approvals: ({ tenant, sessionId, limit }) =>
      sessions
        .filter(({ head }) => tenant === undefined || head.tenant === tenant)
        .filter(({ head }) => sessionId === undefined || head.sessionId === sessionId)
        .flatMap(({ approvals }) => [...approvals.values()])
        .sort((one, other) => one.requestedAt - other.requestedAt)
        .slice(0, limit),
  }
}

function leaseTables(
  sessions: readonly Session[],
): Pick<Tables, 'worker' | 'workers' | 'saveWorker' | 'deleteWorker' | 'deleteExpiredWorkers' | 'due' | 'nextMoment'> {
  const workers = new Map<string, WorkerRow>()
  const leaseOf = ({ workerId }: HeadRow): number => (workerId === null ? 0 : (workers.get(workerId)?.leaseUntil ?? 0))
  const holds = (workerId: string): boolean => timed(sessions).some((row) => row.workerId === workerId)
  return {
    worker: (workerId) => workers.get(workerId),
    workers: (now) => [...workers.values()].filter(({ workerId, leaseUntil }) => leaseUntil > now || holds(workerId)),
    saveWorker: (worker) => workers.set(worker.workerId, worker),
    deleteWorker: (workerId) => workers.delete(workerId),
    deleteExpiredWorkers(now) {
      for (const { workerId, leaseUntil } of workers.values()) {
        if (leaseUntil <= now && !holds(workerId)) workers.delete(workerId)
      }
    },
    due({ now, limit, deadWorkers, format, agents }) {
      const isFree = (row: HeadRow): boolean =>
        leaseOf(row) <= now || (row.workerId !== null && deadWorkers.includes(row.workerId))
      return timed(sessions)
        .filter(
          (row) => row.wakeAt <= now && row.format <= format && (agents?.includes(row.agent) ?? true) && isFree(row),
        )
        .sort((one, other) => one.wakeAt - other.wakeAt)
        .slice(0, limit)
    },
    nextMoment({ now, format, agents }) {
      const moments = timed(sessions)
        .filter((row) => row.format <= format && (agents?.includes(row.agent) ?? true))
        .map((row) => (row.wakeAt > now ? row.wakeAt : leaseOf(row)))
        .filter((moment) => moment > now)
      return moments.length === 0 ? null : Math.min(...moments)
    },
  }
}

function blobTables(
  session: ByKey,
  find: ByRef,
): Pick<Tables, 'snapshot' | 'saveSnapshot' | 'definition' | 'saveDefinition'> {
  const definitions = new Map<string, string>()
  return {
    snapshot(ref) {
      const kept = find(ref)?.snapshot
      return kept && { ...kept, bytes: kept.bytes.slice() }
    },
    saveSnapshot(key, { version, reducerHash, bytes }) {
      session(key).snapshot = { version, reducerHash, bytes: bytes.slice() }
    },
    definition: (definitionHash) => definitions.get(definitionHash),
    saveDefinition: (definitionHash, body) => definitions.set(definitionHash, body),
  }
}

/** Events are frozen and may have been handed out: an erased one is another. */
function erasureTables(session: ByKey): Pick<Tables, 'eraseContent' | 'saveTombstone'> {
  return {
    eraseContent(key) {
      const kept = session(key)
      const had = kept.events.filter(({ body }) => body !== null).length
      for (const [place, event] of kept.events.entries())
        kept.events[place] = Object.freeze({ ...event, body: null, salt: null })
      kept.commands.clear()
      kept.approvals.clear()
      kept.snapshot = undefined
      return had
    },
    saveTombstone(key, erasedAt) {
      const kept = session(key)
      const { fence } = kept.head
      kept.head = { ...kept.head, ...TOMBSTONE, fence: fence + 1, erasedAt }
    },
  }
}

const TOMBSTONE = { status: 'erased', gate: 'final', wakeAt: null, workerId: null, alone: false, deaths: 0 } as const

type ArtifactTables = Pick<
  Tables,
  'artifact' | 'saveArtifact' | 'hasArtifact' | 'useArtifact' | 'sweepArtifacts' | 'dropArtifacts'
>

/** `uses`: by the key of a session, when its events named it last. */
type ArtifactRow = { artifact: Artifact; readonly tenant: string; readonly uses: Map<number, number> }

function artifactTables(): ArtifactTables {
  const rows = new Map<string, ArtifactRow>()
  const find = (tenant: string, hash: string) => rows.get(`${hash}${tenant}`)
  const remove = (gone: readonly ArtifactRow[]) =>
    gone.map(({ tenant, artifact: { hash } }) => {
      rows.delete(`${hash}${tenant}`)
      return { tenant, hash, isFile: false }
    })
  return {
    artifact(tenant, hash) {
      const found = find(tenant, hash)?.artifact
      return found && { ...found, bytes: found.bytes.slice() }
    },
    saveArtifact(tenant, { hash, mediaType, bytes, savedAt }) {
      const row = find(tenant, hash)
      if (row) row.artifact = { ...row.artifact, savedAt }
      else if (bytes !== null) {
        const artifact = { hash, mediaType, bytes: bytes.slice(), savedAt }
        rows.set(`${hash}${tenant}`, { artifact, tenant, uses: new Map() })
      }
    },
    hasArtifact: (tenant, hash) => find(tenant, hash) !== undefined,
    useArtifact: (key, { tenant, hash, at: usedAt }) => find(tenant, hash)?.uses.set(key, usedAt),
    sweepArtifacts({ before, limit }) {
      const orphans = [...rows.values()].filter(({ artifact, uses }) => uses.size === 0 && artifact.savedAt < before)
      return remove(orphans.sort((one, other) => one.artifact.savedAt - other.artifact.savedAt).slice(0, limit))
    },
    dropArtifacts(key) {
      const gone = [...rows.values()].filter(({ artifact, uses }) => {
        const usedAt = uses.get(key)
        return uses.delete(key) && uses.size === 0 && usedAt !== undefined && artifact.savedAt <= usedAt
      })
      return remove(gone)
    },
  }
}

type Timed = HeadRow & { readonly wakeAt: number }

function timed(sessions: readonly Session[]): Timed[] {
  return sessions.flatMap(({ head }) => (head.wakeAt === null ? [] : [{ ...head, wakeAt: head.wakeAt }]))
}

function headsOf(sessions: readonly Session[], filter: SessionFilter): readonly Head[] {
  const { tenant, agent, status, limit, before, endedBefore } = filter
  const ofTenant = sessions.map(({ head }) => head).filter((head) => tenant === undefined || head.tenant === tenant)
  const ordered = endedBefore === undefined ? ofTenant.reverse() : endedFirst(ofTenant)
  const isBefore = (head: Head) => head.sessionId === before?.sessionId && head.tenant === before.tenant
  const place = ordered.findIndex(isBefore)
  const start = before === undefined ? 0 : place + 1
  if (before !== undefined && start === 0) return []
  return ordered
    .slice(start)
    .filter((head) => endedBefore === undefined || hasEnded(head, endedBefore))
    .filter((head) => agent === undefined || head.agent === agent)
    .filter((head) => status === undefined || head.status.startsWith(status))
    .slice(0, limit)
    .map(toHead)
}

function endedFirst(heads: readonly HeadRow[]): readonly HeadRow[] {
  return heads.toSorted((one, other) => one.at - other.at || one.key - other.key)
}

function hasEnded({ gate, at: endedAt, erasedAt }: Head, before: number): boolean {
  return gate !== 'open' && erasedAt === null && endedAt < before
}

function keyOf({ tenant, sessionId }: SessionRef): string {
  return `${tenant.length}:${tenant}${sessionId}`
}

function at(sessions: readonly Session[], key: number): Session {
  const session = sessions[key]
  if (!session) throw new RangeError(`expected the key of a session, found ${key}`)
  return session
}
