/** The statements, one constant each. All are prepared once, when the store is opened. */

const HEAD_FIELDS = `session_key AS key, tenant, session_id AS sessionId, agent, shard, format, version, hash, at,
  created_at AS createdAt, gate, status, wake_at AS wakeAt, fence, worker_id AS workerId, alone, deaths`

/** By sessions_by_ref: one entry of the index and one row. */
export const SELECT_HEAD = `SELECT ${HEAD_FIELDS} FROM sessions WHERE tenant = ?1 AND session_id = ?2`

export const INSERT_HEAD = `
INSERT INTO sessions (tenant, session_id, agent, shard, created_at, format, version, hash, at, gate, status,
  wake_at, fence, worker_id, alone, deaths)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, ?)`

/** Every append does this one. It leaves out wake_at, so that no index is touched. */
export const UPDATE_LOG_END = `
UPDATE sessions SET version = ?2, hash = ?3, at = ?4, format = ?5, gate = ?6, status = ?7 WHERE session_key = ?1`

export const UPDATE_HOLD = `
UPDATE sessions SET fence = ?2, worker_id = ?3, alone = ?4, deaths = ?5, wake_at = ?6 WHERE session_key = ?1`

export const UPDATE_WAKE_AT = 'UPDATE sessions SET wake_at = ?2 WHERE session_key = ?1'

export const SELECT_COMMAND = 'SELECT seq FROM events WHERE session_key = ?1 AND command_id = ?2'

export const INSERT_EVENT = `
INSERT INTO events (session_key, seq, at, kind, format, command_id, body, salt, body_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, unhex(?), unhex(?), unhex(?))`

/** By events_by_seq, in its order: nothing is sorted. Hexadecimal is made in SQL, which is faster than from bytes in JavaScript. */
export const SELECT_EVENTS = `
SELECT seq, at, kind, format, body, lower(hex(salt)) AS salt, lower(hex(body_hash)) AS bodyHash, lower(hex(hash)) AS hash
FROM events
WHERE session_key = (SELECT session_key FROM sessions WHERE tenant = ?1 AND session_id = ?2) AND seq > ?3
ORDER BY seq LIMIT ?4`

export const UPSERT_APPROVAL = `
INSERT INTO approvals (session_key, approval_id, requested_at, expires_at, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET requested_at = excluded.requested_at, expires_at = excluded.expires_at, body = excluded.body`

export const DELETE_APPROVAL = 'DELETE FROM approvals WHERE session_key = ?1 AND approval_id = ?2'

/** Only open approvals are here, so that sorting them all is cheap. */
export const SELECT_APPROVALS = `
SELECT s.tenant, s.session_id AS sessionId, a.approval_id AS approvalId, a.requested_at AS requestedAt,
  a.expires_at AS expiresAt, a.body
FROM approvals a JOIN sessions s USING (session_key)
WHERE ?1 IS NULL OR s.tenant = ?1
ORDER BY a.requested_at, a.approval_key LIMIT ?2`

const WORKER_FIELDS = 'worker_id AS workerId, holder, lease_until AS leaseUntil'

export const SELECT_WORKER = `SELECT ${WORKER_FIELDS} FROM workers WHERE worker_id = ?1`

export const SELECT_WORKERS = `SELECT ${WORKER_FIELDS} FROM workers WHERE lease_until > ?1`

export const UPSERT_WORKER = `
INSERT INTO workers (worker_id, holder, lease_until) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until`

export const DELETE_WORKER = 'DELETE FROM workers WHERE worker_id = ?1'

export const DELETE_EXPIRED_WORKERS = 'DELETE FROM workers WHERE lease_until <= ?1'

/**
 * ?1 now, ?2 format, ?3 dead workers (JSON), ?4 limit. By sessions_by_wake, in its order. What it walks past are the sessions in
 * flight, whose time has come but whose holder lives: few.
 */
export const SELECT_DUE = `
SELECT s.tenant, s.session_id AS sessionId, s.wake_at AS wakeAt
FROM sessions s LEFT JOIN workers w ON w.worker_id = s.worker_id AND w.lease_until > ?1
WHERE s.wake_at <= ?1 AND s.format <= ?2
  AND (w.worker_id IS NULL OR s.worker_id IN (SELECT value FROM json_each(?3)))
ORDER BY s.wake_at, s.session_key LIMIT ?4`

/** ?1 now, ?2 format. The next time that comes, and the next lease that runs out over a session whose time has come. */
export const SELECT_NEXT_MOMENT = `
SELECT min(moment) AS moment FROM (
  SELECT * FROM (SELECT wake_at AS moment FROM sessions WHERE wake_at > ?1 AND format <= ?2 ORDER BY wake_at LIMIT 1)
  UNION ALL
  SELECT min(w.lease_until) FROM sessions s JOIN workers w ON w.worker_id = s.worker_id
  WHERE s.wake_at <= ?1 AND s.format <= ?2 AND w.lease_until > ?1)`

/** ?1 tenant, ?2 agent, ?3 prefix of the status, ?4 a session that was created later, ?5 limit. Walks back from the newest. */
export const SELECT_HEADS = `
SELECT ${HEAD_FIELDS} FROM sessions
WHERE (?1 IS NULL OR tenant = ?1)
  AND (?2 IS NULL OR agent = ?2)
  AND (?3 IS NULL OR substr(status, 1, length(?3)) = ?3)
  AND (?4 IS NULL OR session_key <
    (SELECT max(session_key) FROM sessions WHERE session_id = ?4 AND (?1 IS NULL OR tenant = ?1)))
ORDER BY session_key DESC LIMIT ?5`

export const SELECT_SNAPSHOT = `
SELECT version, reducer_hash AS reducerHash, bytes FROM snapshots
WHERE session_key = (SELECT session_key FROM sessions WHERE tenant = ?1 AND session_id = ?2)`

export const UPSERT_SNAPSHOT = `
INSERT INTO snapshots (session_key, version, reducer_hash, bytes) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET version = excluded.version, reducer_hash = excluded.reducer_hash, bytes = excluded.bytes`

export const SELECT_DEFINITION = 'SELECT body FROM definitions WHERE definition_hash = ?1'

export const INSERT_DEFINITION = 'INSERT INTO definitions (definition_hash, body) VALUES (?, ?)'

/** Changes when another connection has committed; reads no table. */
export const DATA_VERSION = 'PRAGMA data_version'
