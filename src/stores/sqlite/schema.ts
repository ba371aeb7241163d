/** The tables of version 1. A later version adds a step; it never changes this one. */

/** `PRAGMA application_id` of a Pawl file: 'Pawl' in ASCII. */
export const APPLICATION_ID = 0x5061776c

/** `PRAGMA user_version`: the schema that this program writes, and the newest that it reads. */
export const SCHEMA_VERSION = 1

/**
 * A head. Its fields are small and of almost fixed size, so that an update stays in its page. `hash` is that of the last event:
 * an append never reads the log.
 */
const SESSIONS = `
CREATE TABLE sessions (
  session_key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  session_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  shard INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  format INTEGER NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  gate TEXT NOT NULL,
  status TEXT NOT NULL,
  wake_at INTEGER,
  fence INTEGER NOT NULL,
  worker_id TEXT,
  alone INTEGER NOT NULL,
  deaths INTEGER NOT NULL
) STRICT`

const SESSIONS_BY_REF = 'CREATE UNIQUE INDEX sessions_by_ref ON sessions (tenant, session_id)'

/** What `due` reads. Sessions at rest are not in it. */
const SESSIONS_BY_WAKE = 'CREATE INDEX sessions_by_wake ON sessions (wake_at) WHERE wake_at IS NOT NULL'

/**
 * The log, appended to in the order of the commits of all sessions: 2.4x faster for groups than a table clustered on
 * (session, seq). Salts and hashes are stored as bytes: 80 a row instead of 160. `body` is TEXT: exactly the canonical bytes.
 */
const EVENTS = `
CREATE TABLE events (
  event_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  format INTEGER NOT NULL,
  command_id TEXT,
  body TEXT,
  salt BLOB,
  body_hash BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT`

const EVENTS_BY_SEQ = 'CREATE UNIQUE INDEX events_by_seq ON events (session_key, seq)'

/** Only commands have an id, so most events cost nothing here. */
const EVENTS_BY_COMMAND =
  'CREATE UNIQUE INDEX events_by_command ON events (session_key, command_id) WHERE command_id IS NOT NULL'

const APPROVALS = `
CREATE TABLE approvals (
  approval_key INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL,
  approval_id TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (session_key, approval_id)
) STRICT`

const WORKERS = `
CREATE TABLE workers (
  worker_id TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID`

const SNAPSHOTS = `
CREATE TABLE snapshots (
  session_key INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  reducer_hash TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT`

/** Prompts and tools of agents, once per content. They are long, so they get a rowid and stay out of the index. */
const DEFINITIONS = `
CREATE TABLE definitions (
  definition_hash TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT`

/** Everything that makes an empty file a store, in one transaction. */
export const CREATE_SCHEMA: readonly string[] = [
  SESSIONS,
  SESSIONS_BY_REF,
  SESSIONS_BY_WAKE,
  EVENTS,
  EVENTS_BY_SEQ,
  EVENTS_BY_COMMAND,
  APPROVALS,
  WORKERS,
  SNAPSHOTS,
  DEFINITIONS,
  `PRAGMA application_id = ${APPLICATION_ID}`,
  `PRAGMA user_version = ${SCHEMA_VERSION}`,
]
