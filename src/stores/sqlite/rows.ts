/**
 * Rows as they come from SQLite, parsed. A STRICT table lets nothing in but the types of its columns, so these tuples are what
 * `HEAD_COLUMNS` and `SELECT_EVENTS` of `sql.ts` select.
 */
import type { Head, StoredEvent } from '../../ports/index.ts'
import type { HeadRow } from '../tables.ts'

type Text = string
type Integer = number

// biome-ignore format: one line for each line of HEAD_COLUMNS
type HeadTuple = readonly [
  Integer, Text, Text, Text, Integer, Integer, Integer, Text, Integer, Integer, Head['gate'], Text,
  Integer | null, Integer, Text | null, Integer, Integer, Integer | null,
]

type EventTuple = readonly [Integer, Integer, Text, Integer, Text | null, Text, Text, Text]

export function headRow(row: unknown): HeadRow {
  // Only rows of HEAD_COLUMNS come here.
  const columns = row as HeadTuple
  return {
    key: columns[0],
    tenant: columns[1],
    sessionId: columns[2],
    agent: columns[3],
    shard: columns[4],
    format: columns[5],
    version: columns[6],
    hash: columns[7],
    at: columns[8],
    createdAt: columns[9],
    gate: columns[10],
    status: columns[11],
    wakeAt: columns[12],
    fence: columns[13],
    workerId: columns[14],
    alone: columns[15] === 1,
    deaths: columns[16],
    erasedAt: columns[17],
  }
}

export function storedEvent(row: unknown): StoredEvent {
  // Only rows of SELECT_EVENTS come here.
  const columns = row as EventTuple
  return {
    seq: columns[0],
    at: columns[1],
    kind: columns[2],
    format: columns[3],
    body: columns[4],
    // `hex` of NULL is ''.
    salt: columns[5] === '' ? null : columns[5],
    bodyHash: columns[6],
    hash: columns[7],
  }
}

/** For short lists. Rows come without a prototype; a copy has one, so that it equals what another store answers. */
export function plain<Row>(row: object): Row {
  return { ...row } as Row
}

/** More than any list can hold, and an integer for SQLite. */
const MAX_LIMIT = 2 ** 31 - 1

export function sqlLimit(limit: number): number {
  return Math.min(Math.max(0, Math.trunc(limit)), MAX_LIMIT)
}
