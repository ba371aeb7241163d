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

function artifactTables(): Pick<Tables, 'artifact' | 'saveArtifact' | 'hasArtifact' | 'useArtifact' | 'sweepArtifacts'> {
  const kept = new Map<string, Artifact>()
  const used = new Set<string>()
  const keyOfArtifact = (tenant: string, hash: string) => `${hash}${tenant}`
  return {
    artifact(tenant, hash) {
      const found = kept.get(keyOfArtifact(tenant, hash))
      return found && { ...found, bytes: found.bytes.slice() }
    },
    saveArtifact(tenant, artifact) {
      const { bytes, mediaType } = kept.get(keyOfArtifact(tenant, artifact.hash)) ?? artifact
      kept.set(keyOfArtifact(tenant, artifact.hash), { ...artifact, mediaType, bytes: bytes.slice() })
    },
    hasArtifact: (tenant, hash) => kept.has(keyOfArtifact(tenant, hash)),
    useArtifact: (_, tenant, hash) => used.add(keyOfArtifact(tenant, hash)),
    sweepArtifacts({ before, limit }) {
      const orphans = [...kept].filter(([key, { savedAt }]) => savedAt < before && !used.has(key)).slice(0, limit)
      for (const [key] of orphans) kept.delete(key)
      return orphans.length
    },
  }
}

type Timed = HeadRow & { readonly wakeAt: number }

function timed(sessions: readonly Session[]): Timed[] {
  return sessions.flatMap(({ head }) => (head.wakeAt === null ? [] : [{ ...head, wakeAt: head.wakeAt }]))
}

function headsOf(sessions: readonly Session[], filter: SessionFilter): readonly Head[] {
  const { tenant, agent, status, limit, before } = filter
  const ofTenant = sessions.map(({ head }) => head).filter((head) => tenant === undefined || head.tenant === tenant)
  const end = before === undefined ? undefined : ofTenant.findLastIndex(({ sessionId }) => sessionId === before)
  return ofTenant
    .slice(0, end === -1 ? 0 : end)
    .reverse()
    .filter((head) => agent === undefined || head.agent === agent)
    .filter((head) => status === undefined || head.status.startsWith(status))
    .slice(0, limit)
    .map(toHead)
}

function keyOf({ tenant, sessionId }: SessionRef): string {
  return `${tenant.length}:${tenant}${sessionId}`
}

function at(sessions: readonly Session[], key: number): Session {
  const session = sessions[key]
  if (!session) throw new RangeError(`expected the key of a session, found ${key}`)
  return session
}
