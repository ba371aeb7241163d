/** The observer's records of all sessions, checked with every event that is written. */
import { Draft, freshState, type LogEvent, reduce, type State } from '../../core/index.ts'
import type { SessionRef, StoredEvent } from '../../ports/index.ts'
import { decodeEvent } from '../../runtime/index.ts'
import type { Complaint } from './complaint.ts'
import { check } from './invariants.ts'
import { note } from './note.ts'
import { freshRecord, type SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

export interface Records {
  find(ref: SessionRef): SessionRecord | undefined
  all(): readonly SessionRecord[]
  /** Events of all sessions. */
  readonly events: number
  /** The fold of all that was written. */
  stateOf(ref: SessionRef): State | undefined
  /** What was written, as it was stored. */
  stored(ref: SessionRef): readonly StoredEvent[]
  append(ref: SessionRef, events: readonly StoredEvent[], watch: Watch): void
}

export type Watch = {
  readonly expected: Expected
  readonly complain: (complaint: Complaint) => void
  /** Told of each event before it is noted. */
  readonly before: (record: SessionRecord, logEvent: LogEvent) => void
}

type Kept = { readonly record: SessionRecord; readonly draft: Draft; readonly stored: StoredEvent[] }

export function createRecords(): Records {
  const sessions = new Map<string, Kept>()
  let events = 0
  const find = (ref: SessionRef) => sessions.get(keyOf(ref))
  return {
    find: (ref) => find(ref)?.record,
    all: () => [...sessions.values()].map(({ record }) => record),
    get events() {
      return events
    },
    stateOf: (ref) => find(ref)?.draft.state,
    stored: (ref) => find(ref)?.stored ?? [],
    append: (ref, written, { expected, complain, before }) => {
      const { tenant, sessionId } = ref
      const known = find(ref)
      const kept = known ?? {
        record: freshRecord(tenant, sessionId),
        draft: new Draft(freshState(tenant, sessionId)),
        stored: [],
      }
      if (known === undefined) sessions.set(keyOf(ref), kept)
      events += written.length
      for (const stored of written) {
        const logEvent = decodeEvent(ref, stored)
        kept.stored.push(stored)
        for (const complaint of check(kept.record, logEvent, expected)) complain(complaint)
        before(kept.record, logEvent)
        note(kept.record, logEvent, expected)
        reduce(kept.draft, logEvent.event, logEvent.at)
      }
    },
  }
}

export function keyOf({ tenant, sessionId }: SessionRef): string {
  return `${tenant}/${sessionId}`
}
