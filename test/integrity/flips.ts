/**
 * Flips of single bits in every field of every event.
 *
 * Checking a chain is a fold: what stands before the changed row is as it was, so the fold comes to that row with the same place, and
 * the checks from there on are those of the whole log. So only the changed row and its neighbours are checked here; that the answer
 * is the one of the whole log, read from a file by `pawl verify`, is shown on a sample (`in-file.ts`).
 */
import type { SessionRef, StoredEvent } from 'pawl/ports'
import type { ChainCheck, ChainPlace, verifyChain } from '../../src/stores/chain.ts'
import { type Field, type Flip, fields, flipped, type Row, storedOf } from './row.ts'

export type Verify = typeof verifyChain
export type Log = { readonly ref: SessionRef; readonly rows: readonly Row[]; readonly events: readonly StoredEvent[] }

export function logOf(ref: SessionRef, rows: readonly Row[]): Log {
  const events = rows.map(storedOf).filter((event) => event !== null)
  if (events.length !== rows.length) throw new Error('expected rows that can be read')
  return { ref, rows, events }
}

export function headOf({ events }: Log): ChainPlace {
  return placeBefore(events, events.length)
}

/** Each byte with one bit, another one from byte to byte; or with all eight. */
export function* flipsOf({ rows }: Log, bits: 'one' | 'all'): Generator<Flip> {
  for (const [row, bytes] of rows.entries())
    for (const field of fields)
      for (let byte = 0; byte < bytes[field].length; byte += 1)
        if (bits === 'one') yield { row, field, byte, bit: (row + byte) % 8 }
        else for (let bit = 0; bit < 8; bit += 1) yield { row, field, byte, bit }
}

/** What the checks say of the flip; null: the store does not read it at all. */
export function checkFlip(log: Log, flip: Flip, verify: Verify): ChainCheck | null {
  const row = log.rows[flip.row]
  const changed = row && storedOf(flipped(row, flip))
  if (!changed) return null
  const upTo = flip.row + 3
  return checkFrom(log, [changed, ...log.events.slice(flip.row + 1, upTo)], { from: flip.row, upTo, verify })
}

/** Checks a log in which these stand for its events `from` … `upTo` (not included), as the store orders them. */
export function checkFrom(
  log: Log,
  events: readonly StoredEvent[],
  { from, upTo, verify }: { readonly from: number; readonly upTo: number; readonly verify: Verify },
): ChainCheck {
  const after = placeBefore(log.events, from)
  const read = events.filter(({ seq }) => seq > after.version).toSorted((one, other) => one.seq - other.seq)
  const isEnd = upTo >= log.events.length
  return verify(log.ref, read, { after, ...(isEnd && { head: headOf(log) }) })
}

export function isDetected(check: ChainCheck | null): boolean {
  return check === null || check.type === 'broken'
}

export type Flipped = {
  readonly flips: number
  /** Where time does not end it before. */
  readonly goal: number
  readonly missed: readonly Flip[]
  readonly byField: ReadonlyMap<Field, number>
}

/** Row by row: the first whatever the time, and with it every field. */
export function flipAll(log: Log, bits: 'one' | 'all', verify: Verify, isTimeUp: () => boolean): Flipped {
  const missed: Flip[] = []
  const byField = new Map<Field, number>()
  let flips = 0
  let row = 0
  for (const flip of flipsOf(log, bits)) {
    if (flip.row !== row && isTimeUp()) break
    row = flip.row
    flips += 1
    byField.set(flip.field, (byField.get(flip.field) ?? 0) + 1)
    if (!isDetected(checkFlip(log, flip, verify))) missed.push(flip)
  }
  const bytes = log.rows.flatMap((each) => fields.map((field) => each[field].length))
  return { flips, goal: bytes.reduce((sum, each) => sum + each, 0) * (bits === 'one' ? 1 : 8), missed, byField }
}

function placeBefore(events: readonly StoredEvent[], index: number): ChainPlace {
  return { version: index, hash: events[index - 1]?.hash ?? '' }
}
