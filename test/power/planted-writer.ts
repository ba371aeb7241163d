/** Bugs of the writing side, planted on purpose. */
import { DatabaseSync } from 'node:sqlite'
import type { Store } from 'pawl/ports'
import { type Say, sayingStore } from './saying-store.ts'

/** Acknowledges what was only asked for. */
export function sayTooEarly(store: Store, say: Say): Store {
  return {
    ...sayingStore(store, say),
    append(change) {
      const version = change.version + change.events.length
      say({ type: 'appended', sessionId: change.ref.sessionId, version, hash: null })
      return store.append(change)
    },
  }
}

/** Every store that is opened from now on asks for no sync. */
export function neverSync(): void {
  const { exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (statement) {
    return exec.call(this, statement.replace(/synchronous = \w+/, 'synchronous = OFF'))
  }
}
