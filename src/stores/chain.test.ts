import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../ports/index.ts'
import { type ChainPlace, sealer, verifyChain } from './chain.ts'

const ref = { tenant: 'acme', sessionId: 's1' }

/** Bytes that count up, so that the salts are known. */
function countingBytes(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => index % 256)
}

function logOf(length: number): StoredEvent[] {
  const seal = sealer(countingBytes)
  const events: StoredEvent[] = []
  let place: ChainPlace = { version: 0, hash: '' }
  for (let seq = 1; seq <= length; seq += 1) {
    const body = `{"text":"é \\"${seq}\\""}`
    const event = seal(ref, { ...place, at: 1_700_000_000_000 + seq }, { kind: 'fact_noted', format: 1, body })
    events.push(event)
    place = { version: event.seq, hash: event.hash }
  }
  return events
}

function endOf(events: readonly StoredEvent[]): ChainPlace {
  return { version: events.length, hash: events.at(-1)?.hash ?? '' }
}

function withChange(events: readonly StoredEvent[], seq: number, fields: Partial<StoredEvent>): StoredEvent[] {
  return events.map((event) => (event.seq === seq ? { ...event, ...fields } : event))
}

describe('the hash chain', () => {
  const events = logOf(5)
  const head = endOf(events)

  test('is the permanent format', () => {
    // Computed apart from this code: Python's hashlib over the canonical arrays.
    expect(events[0]).toEqual({
      seq: 1,
      at: 1_700_000_000_001,
      kind: 'fact_noted',
      format: 1,
      body: '{"text":"é \\"1\\""}',
      salt: '000102030405060708090a0b0c0d0e0f',
      bodyHash: 'c16d80bb6d985c6e53b5de6c0d0658d5fd8ca420b17f32995f743797ca77a4fa',
      hash: 'be5ad4e03b57c1aa44530941f9047d9c294188c9e5567e88fb615fe3228170c7',
    })
    expect(events[1]?.hash).toBe('97819a18820f1a8a07dde8bd7de8cecb6845575f891d684a29eeef9ac52a247d')
  })

  test('holds for what was sealed, whole or page by page', () => {
    expect(verifyChain(ref, events, { head })).toEqual({ type: 'holds', ...head })
    const first = verifyChain(ref, events.slice(0, 2))
    expect(first).toEqual({ type: 'holds', ...endOf(events.slice(0, 2)) })
    const after = endOf(events.slice(0, 2))
    expect(verifyChain(ref, events.slice(2), { after, head })).toEqual({ type: 'holds', ...head })
    expect(verifyChain(ref, [])).toEqual({ type: 'holds', version: 0, hash: '' })
  })

  test('holds where a body was erased', () => {
    expect(verifyChain(ref, withChange(events, 3, { body: null, salt: null }), { head }).type).toBe('holds')
  })

  test.each<[string, Partial<StoredEvent>, string]>([
    ['body', { body: '{"text":"no"}' }, 'body'],
    ['salt', { salt: '0'.repeat(32) }, 'body'],
    ['salt alone erased', { salt: null }, 'body'],
    ['hash of the body', { body: null, salt: null, bodyHash: '0'.repeat(64) }, 'changed'],
    ['kind', { kind: 'message_received' }, 'changed'],
    ['format', { format: 2 }, 'changed'],
    ['time', { at: 1_700_000_000_004 }, 'changed'],
    ['hash', { hash: '0'.repeat(64) }, 'changed'],
  ])('says where the %s was changed', (_name, fields, reason) => {
    expect(verifyChain(ref, withChange(events, 3, fields))).toEqual({ type: 'broken', seq: 3, reason })
  })

  test('says where an event is missing', () => {
    const missing = { type: 'broken', seq: 3, reason: 'missing' }
    expect(
      verifyChain(
        ref,
        events.filter(({ seq }) => seq !== 3),
      ),
    ).toEqual(missing)
    const renumbered = events.filter(({ seq }) => seq !== 3).map((event, index) => ({ ...event, seq: index + 1 }))
    expect(verifyChain(ref, renumbered)).toEqual({ type: 'broken', seq: 3, reason: 'changed' })
  })

  test('says where events were reordered', () => {
    const [one, two, three, ...rest] = events
    if (!one || !two || !three) throw new Error('expected five events')
    expect(verifyChain(ref, [one, three, two, ...rest])).toEqual({
      type: 'broken',
      seq: 2,
      reason: 'reordered',
    })
  })

  test('says that the end is missing, or another, where the head is known', () => {
    expect(verifyChain(ref, events.slice(0, 4))).toMatchObject({ type: 'holds', version: 4 })
    expect(verifyChain(ref, events.slice(0, 4), { head })).toEqual({
      type: 'broken',
      seq: 5,
      reason: 'missing',
    })
    const other = { version: 5, hash: '0'.repeat(64) }
    expect(verifyChain(ref, events, { head: other })).toEqual({ type: 'broken', seq: 5, reason: 'head' })
    expect(verifyChain(ref, events, { head: endOf(events.slice(0, 4)) })).toMatchObject({ reason: 'head' })
  })

  test('does not hold for another session or tenant', () => {
    for (const other of [
      { ...ref, tenant: 'globex' },
      { ...ref, sessionId: 's2' },
    ])
      expect(verifyChain(other, events)).toEqual({ type: 'broken', seq: 1, reason: 'changed' })
  })

  test('gives every event a salt of its own', () => {
    const salts = logOf(600).map(({ salt }) => salt)
    expect(salts.every((salt) => /^[0-9a-f]{32}$/.test(salt ?? ''))).toBe(true)
    expect(new Set(logOfRandom(600)).size).toBe(600)
  })
})

function logOfRandom(length: number): (string | null)[] {
  const seal = sealer()
  const after = { version: 0, hash: '', at: 1 }
  return Array.from({ length }, () => seal(ref, after, { kind: 'k', format: 1, body: '1' }).salt)
}
