/** Planted leaks: each keeps something of every session that it should have let go of. */
import { openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Called once for each session; what it keeps is never let go. */
export type Leak = (path: string) => void

const kept: unknown[] = []
let writer: DatabaseSync | undefined
let sessions = 0
/** Of a session in a list of sessions. */
const ENTRY_BYTES = 200

/** In the file of the store, beside its tables. */
function openList(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec('PRAGMA synchronous = OFF; CREATE TABLE lists (list BLOB NOT NULL)')
  return database
}

export const leaks: Readonly<Record<string, { readonly grows: string; readonly leak: Leak }>> = {
  'the state of a session kept after its end': {
    grows: 'heapBytes',
    leak: () => kept.push(Array.from({ length: 60_000 }, (_, index) => index / 3)),
  },
  'a buffer of a session kept after its end': {
    grows: 'rssBytes',
    leak: () => kept.push(Buffer.alloc(1 << 20, 1)),
  },
  'a list of all sessions written anew with each of them': {
    grows: 'bytesPerSession',
    leak: (path) => {
      writer ??= openList(path)
      sessions += 1
      writer.prepare('INSERT INTO lists (list) VALUES (zeroblob(?))').run(ENTRY_BYTES * sessions)
    },
  },
  'a listener of a session left on the process': {
    grows: 'listeners',
    leak: () => process.setMaxListeners(0).on('SIGUSR2', () => kept.length),
  },
  'a file of a session left open': { grows: 'openFiles', leak: (path) => openSync(path, 'r') },
  'a timer of a session left running': { grows: 'handles', leak: () => setInterval(() => kept.length, 60_000) },
  'a reader that holds the write-ahead log back': {
    grows: 'walBytes',
    leak: (path) => {
      if (kept.length > 0) return
      const reader = new DatabaseSync(path)
      kept.push(reader)
      reader.exec('BEGIN')
      reader.prepare('SELECT count(*) FROM sqlite_schema').get()
    },
  },
}
