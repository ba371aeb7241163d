/** The observer's records of all sessions, checked with every event that is written. */
import type { SessionRef, StoredEvent } from '../../ports/index.ts'
import { decodeEvent } from '../../runtime/index.ts'
import { type Complaint, check } from './invariants.ts'
import { freshRecord, note, type SessionRecord } from './record.ts'

export interface Records {
  find(sessionId: string): SessionRecord | undefined
  all(): readonly SessionRecord[]
  append(ref: SessionRef, events: readonly StoredEvent[]): readonly (Complaint & { readonly sessionId: string })[]
}

export function createRecords(): Records {
  const records = new Map<string, SessionRecord>()
  return {
    find: (sessionId) => records.get(sessionId),
    all: () => [...records.values()],
    append: (ref, events) => {
      const record = records.get(ref.sessionId) ?? freshRecord(ref.tenant, ref.sessionId)
      records.set(ref.sessionId, record)
      return events.flatMap((stored) => {
        const logEvent = decodeEvent(ref, stored)
        const complaints = check(record, logEvent)
        note(record, logEvent)
        return complaints.map((complaint) => ({ ...complaint, sessionId: ref.sessionId }))
      })
    },
  }
}
