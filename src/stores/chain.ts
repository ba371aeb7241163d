/**
 * The hash chain of a log, a permanent format (`docs/decisions/0001-permanent-formats.md`):
 *
 *     bodyHash = sha256hex([salt, body])
 *     hash     = sha256hex([previous hash, tenant, sessionId, seq, kind, format, at, bodyHash])     the first previous hash is ''
 *
 * over the UTF-8 bytes of the canonical JSON (RFC 8785) of the array. For an array that holds only well-formed strings and integers
 * below 2^53, `JSON.stringify` writes exactly the canonical form: RFC 8785 defines strings and numbers by ECMAScript's own
 * serialization, there are no keys to sort, and no whitespace is added.
 */
import { hash as digest, randomBytes as nodeRandomBytes } from 'node:crypto'
import type { NewEvent, SessionRef, StoredEvent } from '../ports/index.ts'

/** Bytes for salts; a simulator gives seeded ones. */
export type RandomBytes = (size: number) => Uint8Array

/** A place in a log: the `seq` of an event, and its hash. Version 0 with '' stands before the first event. */
export type ChainPlace = { readonly version: number; readonly hash: string }

/**
 * Where a log breaks. `missing`: the event is not there. `reordered`: it stands elsewhere. `body`: its salt and body are not what
 * was hashed. `changed`: any other field of it, or the event before it, is not. `head`: the log ends, unbroken, at another place
 * than its head says.
 */
export type ChainCheck =
  | ({ readonly type: 'holds' } & ChainPlace)
  | {
      readonly type: 'broken'
      readonly seq: number
      readonly reason: 'missing' | 'reordered' | 'body' | 'changed' | 'head'
    }

/** Gives an event its place in the chain, after another, and the time `at`. */
export type Seal = (ref: SessionRef, after: ChainPlace & { readonly at: number }, event: NewEvent) => StoredEvent

const EMPTY: ChainPlace = { version: 0, hash: '' }
const SALT_BYTES = 16
/** One call for randomness serves this many salts. */
const SALTS_PER_DRAW = 256

/** sha256 (hex) of a salt and a body. */
export function bodyHashOf(salt: string, body: string): string {
  return digest('sha256', JSON.stringify([salt, body]), 'hex')
}

/** The hash of an event that follows one with the hash `previous`. */
export function eventHashOf(
  ref: SessionRef,
  previous: string,
  event: Pick<StoredEvent, 'seq' | 'at' | 'kind' | 'format' | 'bodyHash'>,
): string {
  const { seq, kind, format, at, bodyHash } = event
  const fields = [previous, ref.tenant, ref.sessionId, seq, kind, format, at, bodyHash]
  return digest('sha256', JSON.stringify(fields), 'hex')
}

/** A sealer with its own salts. */
export function sealer(randomBytes: RandomBytes = nodeRandomBytes): Seal {
  const nextSalt = salts(randomBytes)
  return (ref, after, { kind, format, body }) => {
    const salt = nextSalt()
    const bodyHash = bodyHashOf(salt, body)
    const seq = after.version + 1
    const { at } = after
    const hash = eventHashOf(ref, after.hash, { seq, at, kind, format, bodyHash })
    return { seq, at, kind, format, body, salt, bodyHash, hash }
  }
}

/**
 * Checks a log, or a stretch of one: `known.after` is the place that the first event follows (the start, by default), so that a
 * long log can be checked page by page; `known.head` is where the last event must stand, without which a truncation is not seen.
 * The chain holds over an erased body (null), whose hash stands in it: whoever asks counts these apart, as `pawl verify` does.
 */
export function verifyChain(
  ref: SessionRef,
  events: readonly StoredEvent[],
  known: { readonly after?: ChainPlace; readonly head?: ChainPlace } = {},
): ChainCheck {
  let place = known.after ?? EMPTY
  for (const event of events) {
    const seq = place.version + 1
    if (event.seq !== seq) {
      const elsewhere = events.some((other) => other.seq === seq)
      return { type: 'broken', seq, reason: elsewhere ? 'reordered' : 'missing' }
    }
    if (!bodyStands(event)) return { type: 'broken', seq, reason: 'body' }
    if (event.hash !== eventHashOf(ref, place.hash, event)) return { type: 'broken', seq, reason: 'changed' }
    place = { version: seq, hash: event.hash }
  }
  return known.head ? checkEnd(place, known.head) : { type: 'holds', ...place }
}

function bodyStands({ body, salt, bodyHash }: StoredEvent): boolean {
  if (body === null) return true
  return salt !== null && bodyHash === bodyHashOf(salt, body)
}

function checkEnd(end: ChainPlace, head: ChainPlace): ChainCheck {
  if (end.version < head.version) return { type: 'broken', seq: end.version + 1, reason: 'missing' }
  if (end.version !== head.version || end.hash !== head.hash)
    return { type: 'broken', seq: end.version, reason: 'head' }
  return { type: 'holds', ...end }
}

function salts(randomBytes: RandomBytes): () => string {
  let pool = ''
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = Buffer.from(randomBytes(SALT_BYTES * SALTS_PER_DRAW)).toString('hex')
      used = 0
    }
    used += 2 * SALT_BYTES
    return pool.slice(used - 2 * SALT_BYTES, used)
  }
}
