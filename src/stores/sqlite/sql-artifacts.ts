/** Statements about artifacts, and about the end of what is kept. */

/** By the index of (hash, tenant), like every search for an artifact. */
export const SELECT_ARTIFACT: string =
  'SELECT media_type, saved_at, bytes FROM artifacts WHERE tenant = ?1 AND hash = ?2'

export const SELECT_ARTIFACT_KEY: string = 'SELECT artifact_key FROM artifacts WHERE tenant = ?1 AND hash = ?2'

/** What is left of a damaged one is replaced. */
export const UPSERT_ARTIFACT: string = `
INSERT INTO artifacts (tenant, hash, media_type, saved_at, uses, bytes) VALUES (?1, ?2, ?3, ?4, 0, ?5)
ON CONFLICT DO UPDATE SET saved_at = excluded.saved_at, bytes = excluded.bytes`

/** ?1 session, ?2 artifact, ?3 now. */
export const UPDATE_ARTIFACT_USE: string =
  'UPDATE artifact_uses SET used_at = ?3 WHERE session_key = ?1 AND artifact_key = ?2'

export const INSERT_ARTIFACT_USE: string =
  'INSERT INTO artifact_uses (session_key, artifact_key, used_at) VALUES (?1, ?2, ?3)'

export const COUNT_USE: string = 'UPDATE artifacts SET uses = uses + 1 WHERE artifact_key = ?1'

/** ?1 saved before, ?2 limit. By artifacts_unused, in its order. */
export const SELECT_ORPHANS: string = `
SELECT artifact_key AS key, tenant, hash, bytes IS NULL AS isFile FROM artifacts
WHERE uses = 0 AND saved_at < ?1 ORDER BY saved_at LIMIT ?2 + 0`

/** Of one session: those that nobody else uses, and that nobody has saved since, perhaps to use them. */
export const SELECT_OWN: string = `
SELECT artifact_key AS key, tenant, hash, bytes IS NULL AS isFile FROM artifact_uses JOIN artifacts USING (artifact_key)
WHERE session_key = ?1 AND uses = 1 AND saved_at <= used_at`

export const UNCOUNT_USES: string = `
UPDATE artifacts SET uses = uses - 1
WHERE artifact_key IN (SELECT artifact_key FROM artifact_uses WHERE session_key = ?1)`

export const DELETE_USES: string = 'DELETE FROM artifact_uses WHERE session_key = ?1'

export const DELETE_ARTIFACT: string = 'DELETE FROM artifacts WHERE artifact_key = ?1'

/** Whose content stands in a file. */
export const SELECT_FILE_TENANTS: string = 'SELECT tenant FROM artifacts WHERE hash = ?1 AND bytes IS NULL'

/** By events_by_seq. */
export const ERASE_EVENTS: string = `
UPDATE events SET body = NULL, salt = NULL, command_id = NULL WHERE session_key = ?1 AND body IS NOT NULL`

export const DELETE_SNAPSHOT: string = 'DELETE FROM snapshots WHERE session_key = ?1'

export const DELETE_APPROVALS: string = 'DELETE FROM approvals WHERE session_key = ?1'

/** ?2 now. Its version, its hash and its times stay. */
export const UPDATE_TOMBSTONE: string = `
UPDATE sessions SET status = 'erased', gate = 'final', wake_at = NULL, worker_id = NULL, alone = 0, deaths = 0,
  fence = fence + 1, erased_at = ?2
WHERE session_key = ?1`
