/** Looks into a round's file from outside, at the instants of its signals. */
import { DatabaseSync } from 'node:sqlite'

/** A session as a worker held it. */
export type Held = {
  readonly sessionId: string
  readonly workerId: string
  readonly fence: number
  readonly version: number
  /** The kind of its last event. */
  readonly last: string
}

export interface FileWatch {
  /** What the workers of this process hold. */
  heldBy(pid: number): readonly Held[]
  /** Of these, the sessions that are still as they were held. */
  stillHeld(held: readonly Held[]): readonly Held[]
  /** Of these, the sessions that another has claimed since. */
  takenOver(held: readonly Held[]): readonly Held[]
  /** Of these, the sessions that somebody has to claim: not those that came to rest before. */
  due(held: readonly Held[]): readonly Held[]
  /** Whether somebody is writing, and has not come to his end in some milliseconds. */
  isLocked(): boolean
  close(): void
}

const HELD = `SELECT s.session_id AS sessionId, s.worker_id AS workerId, s.fence, s.version, e.kind AS last
  FROM workers w JOIN sessions s ON s.worker_id = w.worker_id
  JOIN events e ON e.session_key = s.session_key AND e.seq = s.version
  WHERE json_extract(w.holder, '$.pid') = ?`
const HEAD = 'SELECT fence, worker_id AS workerId, wake_at AS wakeAt FROM sessions WHERE session_id = ?'
const LOCK_TIMEOUT_MS = 10

export function watchFile(storePath: string): FileWatch {
  const file = new DatabaseSync(storePath, { timeout: 1_000 })
  const held = file.prepare(HELD)
  const head = file.prepare(HEAD)
  return {
    // The columns are those of the type.
    heldBy: (pid) => held.all(pid) as unknown as readonly Held[],
    stillHeld: (all) => all.filter(({ sessionId, workerId }) => head.get(sessionId)?.['workerId'] === workerId),
    takenOver: (all) => all.filter(({ sessionId, fence }) => Number(head.get(sessionId)?.['fence']) > fence),
    due: (all) =>
      all.filter(({ sessionId, fence }) => {
        const found = head.get(sessionId)
        const wakeAt = found?.['wakeAt'] ?? null
        // One that rests until an approval expires is nobody's to claim.
        return wakeAt !== null && Number(wakeAt) <= Date.now() && found?.['fence'] === fence
      }),
    isLocked: () => isLocked(file),
    close: () => file.close(),
  }
}

function isLocked(file: DatabaseSync): boolean {
  file.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`)
  try {
    file.exec('BEGIN IMMEDIATE')
    file.exec('ROLLBACK')
    return false
  } catch {
    return true
  } finally {
    file.exec('PRAGMA busy_timeout = 1000')
  }
}
