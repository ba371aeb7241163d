/** Statements about artifacts. */

export const SELECT_ARTIFACT: string = 'SELECT media_type, saved_at, bytes FROM artifacts WHERE tenant = ?1 AND hash = ?2'

export const SELECT_ARTIFACT_KEY: string = 'SELECT artifact_key FROM artifacts WHERE tenant = ?1 AND hash = ?2'

export const UPSERT_ARTIFACT: string = `
INSERT INTO artifacts (tenant, hash, media_type, saved_at, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET saved_at = excluded.saved_at`

/** ?1 session, ?2 tenant, ?3 hash. */
export const INSERT_ARTIFACT_USE: string = `
INSERT INTO artifact_uses (artifact_key, session_key)
SELECT artifact_key, ?1 FROM artifacts WHERE tenant = ?2 AND hash = ?3
ON CONFLICT DO NOTHING`

/** ?1 saved before, ?2 limit. */
export const SELECT_ORPHANS: string = `
SELECT artifact_key, tenant, hash, bytes IS NULL AS is_file FROM artifacts a
WHERE saved_at < ?1 AND NOT EXISTS (SELECT 1 FROM artifact_uses u WHERE u.artifact_key = a.artifact_key)
ORDER BY saved_at LIMIT ?2 + 0`

export const DELETE_ARTIFACT: string = 'DELETE FROM artifacts WHERE artifact_key = ?1'

export const SELECT_ARTIFACT_FILES: string = 'SELECT tenant, hash FROM artifacts WHERE bytes IS NULL'
