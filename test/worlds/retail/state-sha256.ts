import { createHash } from 'node:crypto'
import { canonicalJson } from '../sha256.ts'
import type { RetailDb } from './retail-db.ts'

/** A record's part of the canonical text, `"id":{...}`, as bytes. */
type Member = { readonly id: string; readonly bytes: Uint8Array }

const members = new WeakMap<object, Member>()

/**
 * Sha256 of the state's canonical JSON (RFC 8785). The bytes of each record are made once and remembered, because records
 * are never changed in place: that makes the hash of the 1.2 MB database some ten times faster.
 */
export function stateSha256(db: RetailDb): string {
  const tables = [
    ['{"orders":{', db.orders],
    ['},"products":{', db.products],
    ['},"users":{', db.users],
  ] as const
  const parts = tables.flatMap(([opening, table]) => [Buffer.from(opening), ...tableBytes(table)])
  return createHash('sha256').update(Buffer.concat(parts)).update('}}').digest('hex')
}

const comma = Buffer.from(',')

function tableBytes(table: Readonly<Record<string, object>>): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (const id of Object.keys(table).sort()) {
    const record = table[id]
    if (record === undefined) continue
    if (parts.length > 0) parts.push(comma)
    parts.push(memberBytes(id, record))
  }
  return parts
}

function memberBytes(id: string, record: object): Uint8Array {
  const known = members.get(record)
  if (known?.id === id) return known.bytes
  const bytes = Buffer.from(`${canonicalJson(id)}:${canonicalJson(record)}`)
  members.set(record, { id, bytes })
  return bytes
}
