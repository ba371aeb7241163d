/** What stood last in the log at each death. */
import { DatabaseSync } from 'node:sqlite'

/** By kind of event: the last of the whole file, and the last of each session that the dead worker held. */
export type Deaths = {
  count: number
  readonly lastOfFile: Map<string, number>
  readonly lastOfHeld: Map<string, number>
}

export function noDeaths(): Deaths {
  return { count: 0, lastOfFile: new Map(), lastOfHeld: new Map() }
}

const LAST_OF_FILE = 'SELECT kind FROM events ORDER BY event_key DESC LIMIT 1'
const LAST_OF_HELD = `SELECT e.kind FROM sessions s JOIN events e ON e.session_key = s.session_key AND e.seq = s.version
  WHERE s.worker_id IS NOT NULL`

/** Looks into the file right after a kill. */
export function deathWatch(storePath: string, deaths: Deaths): { onDeath(): void; close(): void } {
  const file = new DatabaseSync(storePath, { readOnly: true, timeout: 1_000 })
  const lastOfFile = file.prepare(LAST_OF_FILE)
  const lastOfHeld = file.prepare(LAST_OF_HELD)
  return {
    onDeath: () => {
      deaths.count += 1
      for (const row of lastOfFile.all()) add(deaths.lastOfFile, String(row['kind']))
      const held = lastOfHeld.all()
      if (held.length === 0) add(deaths.lastOfHeld, '(held none)')
      for (const row of held) add(deaths.lastOfHeld, String(row['kind']))
    },
    close: () => file.close(),
  }
}

export function add(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
