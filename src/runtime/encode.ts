/** Events on their way into the store and out of it. */
import { FORMAT, formatOf, type Json, type LogEvent, type PawlEvent, upcast } from '../core/index.ts'
import { type NewEvent, PawlError, type SessionRef, StoreCorruptError, type StoredEvent } from '../ports/index.ts'
import { canonicalJson } from './hash.ts'

/** A log holds an event that this code cannot read: newer code wrote it. */
export class UnknownEventError extends PawlError {
  constructor(ref: SessionRef, { seq, kind, format }: StoredEvent) {
    const found = `event ${seq} of session ${ref.sessionId} has the kind ${kind} in format ${format}`
    super('unknown_event', `expected events up to format ${FORMAT}; ${found}. Run a version of pawl that knows it.`)
  }
}

export function encodeEvent(event: PawlEvent): NewEvent {
  const { type, ...body } = event
  const encoded = { kind: type, format: formatOf(event), body: canonicalJson(body) }
  return 'commandId' in event && event.commandId !== undefined ? { ...encoded, commandId: event.commandId } : encoded
}

/** An event whose body was erased reads as null: what follows from it is known only from a snapshot. */
export function decodeEvent(ref: SessionRef, stored: StoredEvent): LogEvent {
  if (stored.body === null) {
    throw new StoreCorruptError(
      `event ${stored.seq} of session ${ref.sessionId} was erased: its state cannot be rebuilt from the log`,
    )
  }
  // A stored body is our own canonical JSON; the chain proves that nobody changed it.
  const body = JSON.parse(stored.body) as { readonly [key: string]: Json }
  const known = upcast(stored.kind, stored.format, body)
  if (known.type === 'unknown') throw new UnknownEventError(ref, stored)
  return { seq: stored.seq, at: stored.at, event: known.event }
}
