/** What the integrity proof does where it has no time, and that its moves see a chain that only they can see. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ChainPlace, sealer, verifyChain } from '../../src/stores/chain.ts'
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import { buildLog, ref as longRef } from './build-log.ts'
import { flipAll, logOf } from './flips.ts'
import { fields, type Row, readRows } from './row.ts'
import { sampleInFile } from './sample.ts'
import { moveUnlinked } from './unlinked.ts'

const EVENTS = 6
const ref = { tenant: 'acme', sessionId: 's1' }

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

function smallLog() {
  const seal = sealer((size) => Uint8Array.from({ length: size }, (_, index) => index % 256))
  const rows: Row[] = []
  let place: ChainPlace = { version: 0, hash: '' }
  for (let index = 0; index < EVENTS; index += 1) {
    const event = seal(ref, { ...place, at: 1_000 + index }, { kind: 'kind', format: 1, body: `{"n":${index}}` })
    place = { version: event.seq, hash: event.hash }
    const [salt, bodyHash, hash] = [event.salt ?? '', event.bodyHash, event.hash].map((hex) => Buffer.from(hex, 'hex'))
    if (!salt || !bodyHash || !hash) throw new Error('expected three')
    const texts = { kind: Buffer.from(event.kind), body: Buffer.from(event.body ?? '') }
    const integers = { seq: integer(event.seq), at: integer(event.at), format: integer(event.format) }
    rows.push({ ...integers, ...texts, salt, body_hash: bodyHash, hash })
  }
  return logOf(ref, rows)
}

/** Of one row: three integers, the kind, the body, the salt and two hashes. */
const BYTES_OF_ROW = 3 * 8 + 'kind'.length + '{"n":0}'.length + 16 + 2 * 32

test('without time the flips are those of the first event, in every field', () => {
  const { flips, goal, byField, missed } = flipAll(smallLog(), 'all', verifyChain, () => true)
  expect([flips, goal]).toEqual([8 * BYTES_OF_ROW, 8 * BYTES_OF_ROW * EVENTS])
  expect([...byField.keys()]).toEqual([...fields])
  expect(missed).toEqual([])
})

test('with time the flips are those of every event', () => {
  const { flips, goal } = flipAll(smallLog(), 'one', verifyChain, () => false)
  expect([flips, goal]).toEqual([BYTES_OF_ROW * EVENTS, BYTES_OF_ROW * EVENTS])
})

test('a chain whose events hold at any place is missed by a move', () => {
  expect(moveUnlinked(smallLog())).not.toBeNull()
})

test('in a file one flip is tried without time', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-integrity-'))
  try {
    const original = join(folder, 'original.db')
    await buildLog(original)
    const log = logOf(longRef, readRows(original, longRef))
    const sample = { original, folder, count: 3, chance: chanceOf(2) }
    expect(await sampleInFile(log, { ...sample, isTimeUp: () => true })).toEqual({ tried: 1, differ: [] })
    expect(await sampleInFile(log, { ...sample, isTimeUp: () => false })).toEqual({ tried: 3, differ: [] })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
