/** The tables of a store, version by version. A later version adds a step; it never changes one that was released. */

/** `PRAGMA application_id` of a Pawl file: 'Pawl' in ASCII. */
export const APPLICATION_ID = 0x5061776c

/** `PRAGMA user_version`: the schema that this program writes, and the newest that it reads. */
export const SCHEMA_VERSION = 2

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

/**
 * Contents once for each tenant. Null bytes: they are a file of their own beside this one (see artifact-files.ts). `uses`: how many
 * sessions have events that name it.
 */
const ARTIFACTS = `
CREATE TABLE artifacts (
  artifact_key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  hash TEXT NOT NULL,
  media_type TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  bytes BLOB,
  UNIQUE (hash, tenant)
) STRICT`

/** Which sessions have events that name which, and when they did last. */
const ARTIFACT_USES = `
CREATE TABLE artifact_uses (
  session_key INTEGER NOT NULL,
  artifact_key INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  PRIMARY KEY (session_key, artifact_key)
) STRICT, WITHOUT ROWID`

/** What a sweep reads: those that are used are not in it. */
const ARTIFACTS_UNUSED = 'CREATE INDEX artifacts_unused ON artifacts (saved_at) WHERE uses = 0'

/** Null: its content is there. */
const SESSIONS_ERASED_AT = 'ALTER TABLE sessions ADD COLUMN erased_at INTEGER'

/** What pruning reads: sessions that go on, and those that are erased, are not in it. */
const SESSIONS_BY_END = `CREATE INDEX sessions_by_end ON sessions (at) WHERE gate <> 'open' AND erased_at IS NULL`

/** What makes a file of the version before one of this version; the first makes an empty file a store. Each in one transaction. */
const STEPS: readonly (readonly string[])[] = [
  [
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
  ],
  [ARTIFACTS, ARTIFACT_USES, ARTIFACTS_UNUSED, SESSIONS_ERASED_AT, SESSIONS_BY_END],
]

/** All that a file of a version lacks; of 0, an empty one, everything. */
export function stepsFrom(version: number): readonly string[] {
  return [...STEPS.slice(version).flat(), `PRAGMA user_version = ${SCHEMA_VERSION}`]
}
