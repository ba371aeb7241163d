import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ApprovalRow, SessionRef } from '../../ports/index.ts'
import { type Snapshot, type Tables, toHead, type WorkerRow } from '../tables.ts'
import { artifactTables, erasureTables } from './artifact-tables.ts'
import { headRow, plain, sqlLimit, storedEvent } from './rows.ts'
import * as sql from './sql.ts'

/** Rows in SQLite. Every statement is prepared once: preparing again costs 10 % of the throughput. */
export function sqliteTables(database: DatabaseSync): Tables {
  return {
    ...headTables(database),
    ...logTables(database),
    ...approvalTables(database),
    ...workerTables(database),
    ...dueTables(database),
    ...blobTables(database),
    ...artifactTables(database),
    ...erasureTables(database),
  }
}

function headTables(
  database: DatabaseSync,
): Pick<Tables, 'head' | 'insertHead' | 'saveLogEnd' | 'saveHold' | 'saveWakeAt' | 'heads'> {
  const select = arrays(database, sql.SELECT_HEAD)
  const insert = database.prepare(sql.INSERT_HEAD)
  const updateLogEnd = database.prepare(sql.UPDATE_LOG_END)
  const updateHold = database.prepare(sql.UPDATE_HOLD)
  const updateWakeAt = database.prepare(sql.UPDATE_WAKE_AT)
  const selectMany = arrays(database, sql.SELECT_HEADS)
  const selectEnded = arrays(database, sql.SELECT_ENDED)
  return {
    head(ref) {
      const row = select.get(ref.tenant, ref.sessionId)
      return row && headRow(row)
    },
    insertHead(head) {
      const { tenant, sessionId, agent, shard, createdAt, format, version, hash, at, gate, status } = head
      const log = [createdAt, format, version, hash, at, gate, status]
      const { lastInsertRowid } = insert.run(
        ...[tenant, sessionId, agent, shard],
        ...log,
        ...[head.wakeAt, head.fence, head.deaths],
      )
      return { ...head, key: Number(lastInsertRowid), alone: false }
    },
    saveLogEnd: (key, { version, hash, at, format, gate, status }) =>
      updateLogEnd.run(key, version, hash, at, format, gate, status),
    saveHold: (key, { fence, workerId, alone, deaths, wakeAt }) =>
      updateHold.run(key, fence, workerId, alone ? 1 : 0, deaths, wakeAt),
    saveWakeAt: (key, wakeAt) => updateWakeAt.run(key, wakeAt),
    heads({ tenant = null, agent = null, status = null, before, limit, endedBefore }) {
      const place = [before?.sessionId ?? null, sqlLimit(limit), before?.tenant ?? null] as const
      const filter = [tenant, agent, status, ...place]
      const rows = endedBefore === undefined ? selectMany.all(...filter) : selectEnded.all(...filter, endedBefore)
      return rows.map((row) => toHead(headRow(row)))
    },
  }
}

function logTables(database: DatabaseSync): Pick<Tables, 'seqOfCommand' | 'insertEvent' | 'events'> {
  const selectCommand = database.prepare(sql.SELECT_COMMAND)
  const insert = database.prepare(sql.INSERT_EVENT)
  const select = arrays(database, sql.SELECT_EVENTS)
  return {
    seqOfCommand: (key, commandId) => (selectCommand.get(key, commandId) as { seq: number } | undefined)?.seq,
    insertEvent(key, { seq, at, kind, format, body, salt, bodyHash, hash }, commandId) {
      insert.run(key, seq, at, kind, format, commandId ?? null, body, salt, bodyHash, hash)
    },
    events: (ref, after, limit) => select.all(ref.tenant, ref.sessionId, after, sqlLimit(limit)).map(storedEvent),
  }
}

function approvalTables(database: DatabaseSync): Pick<Tables, 'saveApproval' | 'deleteApproval' | 'approvals'> {
  const upsert = database.prepare(sql.UPSERT_APPROVAL)
  const remove = database.prepare(sql.DELETE_APPROVAL)
  const select = database.prepare(sql.SELECT_APPROVALS)
  return {
    saveApproval: (key, { approvalId, requestedAt, expiresAt, body }) =>
      upsert.run(key, approvalId, requestedAt, expiresAt, body),
    deleteApproval: (key, approvalId) => remove.run(key, approvalId),
    approvals: ({ tenant, sessionId, limit }) =>
      select.all(tenant ?? null, sqlLimit(limit), sessionId ?? null).map((row) => plain<ApprovalRow>(row)),
  }
}

function workerTables(
  database: DatabaseSync,
): Pick<Tables, 'worker' | 'workers' | 'saveWorker' | 'deleteWorker' | 'deleteExpiredWorkers'> {
  const select = database.prepare(sql.SELECT_WORKER)
  const selectLive = database.prepare(sql.SELECT_WORKERS)
  const upsert = database.prepare(sql.UPSERT_WORKER)
  const remove = database.prepare(sql.DELETE_WORKER)
  const removeExpired = database.prepare(sql.DELETE_EXPIRED_WORKERS)
  return {
    worker(workerId) {
      const row = select.get(workerId)
      return row && plain<WorkerRow>(row)
    },
    workers: (now) => selectLive.all(now).map((row) => plain<WorkerRow>(row)),
    saveWorker: ({ workerId, holder, leaseUntil }) => upsert.run(workerId, holder, leaseUntil),
    deleteWorker: (workerId) => remove.run(workerId),
    deleteExpiredWorkers: (now) => removeExpired.run(now),
  }
}

function dueTables(database: DatabaseSync): Pick<Tables, 'due' | 'nextMoment'> {
  const select = database.prepare(sql.SELECT_DUE)
  const selectNext = database.prepare(sql.SELECT_NEXT_MOMENT)
  return {
    due: ({ now, format, deadWorkers, limit, agents }) =>
      select
        .all(now, format, JSON.stringify(deadWorkers), sqlLimit(limit), agents && JSON.stringify(agents))
        .map((row) => plain<SessionRef & { wakeAt: number }>(row)),
    nextMoment: ({ now, format, agents }) =>
      (selectNext.get(now, format, agents && JSON.stringify(agents)) as { moment: number | null } | undefined)
        ?.moment ?? null,
  }
}

function blobTables(
  database: DatabaseSync,
): Pick<Tables, 'snapshot' | 'saveSnapshot' | 'definition' | 'saveDefinition'> {
  const selectSnapshot = database.prepare(sql.SELECT_SNAPSHOT)
  const upsertSnapshot = database.prepare(sql.UPSERT_SNAPSHOT)
  const selectDefinition = database.prepare(sql.SELECT_DEFINITION)
  const insertDefinition = database.prepare(sql.INSERT_DEFINITION)
  return {
    snapshot(ref) {
      const row = selectSnapshot.get(ref.tenant, ref.sessionId)
      return row && plain<Snapshot>(row)
    },
    saveSnapshot: (key, { version, reducerHash, bytes }) => upsertSnapshot.run(key, version, reducerHash, bytes),
    definition: (definitionHash) => (selectDefinition.get(definitionHash) as { body: string } | undefined)?.body,
    saveDefinition: (definitionHash, body) => insertDefinition.run(definitionHash, body),
  }
}

function arrays(database: DatabaseSync, text: string): StatementSync {
  const statement = database.prepare(text)
  statement.setReturnArrays(true)
  return statement
}
