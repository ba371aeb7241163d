/** Planted leaks: each keeps something of every session that it should have let go of. */
import { openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Called once for each session; what it keeps is never let go. */
export type Leak = (path: string) => void

const kept: unknown[] = []

export const leaks: Readonly<Record<string, { readonly grows: string; readonly leak: Leak }>> = {
  'the state of a session kept after its end': {
    grows: 'heapBytes',
    leak: () => kept.push(Array.from({ length: 60_000 }, (_, index) => index / 3)),
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
