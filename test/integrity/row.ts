/** The rows of a log as they lie in the file, byte by byte, and what the store reads of them. */
import { DatabaseSync } from 'node:sqlite'
import type { SessionRef, StoredEvent } from 'pawl/ports'

/** Every column of an event that its hash covers. docs/guarantees.md names the others. */
export const fields = ['seq', 'at', 'kind', 'format', 'body', 'salt', 'body_hash', 'hash'] as const
export type Field = (typeof fields)[number]

/** Integers as the eight bytes of their two's complement, texts as UTF-8. */
export type Row = { readonly [F in Field]: Buffer }

export function readRows(path: string, { tenant, sessionId }: SessionRef): readonly Row[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return database
      .prepare(
        `SELECT seq, at, CAST(kind AS BLOB) AS kind, format, CAST(body AS BLOB) AS body, salt, body_hash, hash FROM events
         WHERE session_key = (SELECT session_key FROM sessions WHERE tenant = ? AND session_id = ?) ORDER BY seq`,
      )
      .all(tenant, sessionId)
      .map((row) => {
        const bytes = fields.map((field) => [field, bytesOf(row[field])] as const)
        // One entry for each field.
        return Object.fromEntries(bytes) as Row
      })
  } finally {
    database.close()
  }
}

function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (typeof value !== 'number') throw new Error(`expected bytes or an integer, found ${typeof value}`)
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export type Flip = { readonly row: number; readonly field: Field; readonly byte: number; readonly bit: number }

export function flipped(row: Row, { field, byte, bit }: Omit<Flip, 'row'>): Row {
  const bytes = Buffer.from(row[field])
  bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte)
  return { ...row, [field]: bytes }
}

/** As the store reads it; null: an integer that no JavaScript number holds, which the store calls damaged. */
export function storedOf(row: Row): StoredEvent | null {
  const seq = integerOf(row.seq)
  const at = integerOf(row.at)
  const format = integerOf(row.format)
  if (seq === null || at === null || format === null) return null
  const [salt, bodyHash, hash] = [row.salt.toString('hex'), row.body_hash.toString('hex'), row.hash.toString('hex')]
  return { seq, at, kind: row.kind.toString(), format, body: row.body.toString(), salt, bodyHash, hash }
}

function integerOf(bytes: Buffer): number | null {
  const value = Number(bytes.readBigInt64BE())
  return Number.isSafeInteger(value) ? value : null
}
