import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionRef, Store } from '../../ports/index.ts'
import { memoryStore } from '../../stores/memory.ts'
import type { ExportedHead } from '../exported-heads.ts'
import { isSound, type Verified } from '../verify-log.ts'
import { byteLines } from './byte-lines.ts'
import { exportLines, nothingExported } from './export-lines.ts'
import { verifyExport } from './verify-export.ts'

const tenant = 'acme'
const text = 'Zoë’s café 🌍 \\ " \n'

function sha256(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex')
}

type Asked = { readonly sessionId: string; readonly words: readonly string[]; readonly artifact: string }

/** A session whose events name a definition and an artifact, which are there. */
async function write(store: Store, { sessionId, words, artifact }: Asked): Promise<SessionRef> {
  const ref = { tenant, sessionId }
  const definition = JSON.stringify({ instructions: sessionId })
  const bytes = Buffer.from(artifact)
  const named = { hash: sha256(bytes), mediaType: 'text/plain; charset=utf-8', bytes: bytes.length }
  await store.saveDefinition(sha256(definition), definition)
  await store.saveArtifact(tenant, { ...named, bytes })
  const bodies = [
    { definitionHash: sha256(definition) },
    ...words.map((each) => ({ text: each })),
    { callId: 'c1', artifact: named },
  ]
  const events = bodies.map((body, index) => ({
    kind: index === 0 ? 'session_started' : 'message_received',
    format: 1,
    body: JSON.stringify(body),
  }))
  await store.create({ ref, agent: 'desk', events: events.slice(0, 1), status: 'running' })
  await store.append({
    ref,
    version: 1,
    fence: null,
    at: null,
    events: events.slice(1),
    head: { status: 'done', gate: 'final', artifacts: [named.hash] },
  })
  return ref
}

async function exported(store: Store): Promise<Buffer> {
  const heads = await store.sessions({ tenant, limit: 100 })
  const lines: string[] = []
  for await (const line of exportLines({ store, tenant, heads, now: 7, mask: null }, nothingExported()))
    lines.push(line)
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

async function smallExport(): Promise<Buffer> {
  const store = memoryStore()
  await write(store, { sessionId: 's-1', words: ['one', text], artifact: 'a long output' })
  await write(store, { sessionId: 's-2', words: [], artifact: 'a long output' })
  return exported(store)
}

async function verified(bytes: Uint8Array, kept: readonly ExportedHead[] = []) {
  const sessions: Verified[] = []
  const file = await verifyExport(byteLines([bytes]), { kept, tell: (each) => sessions.push(each) })
  return { file, sessions, isWhole: file.problems.length === 0 && sessions.every(isSound) }
}

/** The last line written anew over what stands before it: by somebody who knows the format. */
function resealed(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n').slice(0, -2)
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1')
  const end = JSON.stringify({ type: 'end', lines: lines.length, sha256: sha256(content) })
  return Buffer.concat([content, Buffer.from(`${end}\n`)])
}

function withByte(bytes: Buffer, at: number, byte: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = byte
  return changed
}

describe('an export', () => {
  test('is whole as it was written, however it is cut into chunks', async () => {
    const bytes = await smallExport()
    expect(await verified(bytes)).toMatchObject({
      isWhole: true,
      sessions: [
        { sessionId: 's-2', check: { type: 'holds', version: 2 } },
        { sessionId: 's-1', check: { type: 'holds', version: 4 } },
      ],
      file: { lines: 13, definitions: 2, artifacts: 1, missing: 0, problems: [] },
    })
    for (const size of [1, 2, 7, 1_000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect((await verifyExport(byteLines(chunks), { kept: [], tell: () => {} })).problems).toEqual([])
    }
  })

  test('in which one byte was changed, anywhere, is not whole', async () => {
    const bytes = await smallExport()
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(change, async ([at, mask]) => {
        expect((await verified(withByte(bytes, at, (bytes[at] ?? 0) ^ mask))).isWhole).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  test('in which one byte of an event, a definition or an artifact was changed is not whole with a sum made anew', async () => {
    const bytes = await smallExport()
    const places = placesOf(bytes, ['event', 'definition', 'artifact'])
    const change = fc.tuple(fc.nat(places.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(change, async ([index, mask]) => {
        const at = places[index] ?? 0
        const changed = resealed(withByte(bytes, at, (bytes[at] ?? 0) ^ mask))
        expect((await verified(changed)).isWhole).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  test('is held by its sum where no chain reaches, and by nothing once the sum is made anew', async () => {
    const bytes = await smallExport()
    const renamed = Buffer.from(bytes.toString('latin1').replace('"agent":"desk"', '"agent":"dusk"'), 'latin1')
    expect((await verified(renamed)).isWhole).toBe(false)
    expect((await verified(resealed(renamed))).isWhole).toBe(true)
    expect((await verified(resealed(bytes))).isWhole).toBe(true)
  })

  test('without any one of its lines, or with one twice, is not whole, also with a sum made anew', async () => {
    const bytes = await smallExport()
    const lines = bytes.toString('latin1').split('\n').slice(0, -1)
    const joined = (changed: readonly string[]) => Buffer.from(changed.map((line) => `${line}\n`).join(''), 'latin1')
    for (const [index, line] of lines.entries()) {
      expect([line, (await verified(joined(lines.toSpliced(index, 1)))).isWhole]).toEqual([line, false])
      expect([line, (await verified(joined(lines.toSpliced(index, 0, line)))).isWhole]).toEqual([line, false])
      if (index === lines.length - 1) continue
      expect([line, (await verified(resealed(joined(lines.toSpliced(index, 1))))).isWhole]).toEqual([line, false])
    }
    expect((await verified(bytes.subarray(0, -1))).isWhole).toBe(false)
    expect((await verified(Buffer.concat([bytes, Buffer.from('\n')]))).isWhole).toBe(false)
  })

  test('written anew is seen against heads that were kept elsewhere', async () => {
    const store = memoryStore()
    const ref = await write(store, { sessionId: 's-1', words: ['no'], artifact: 'x' })
    const { version = 0, hash = '' } = (await store.head(ref)) ?? {}
    const kept = [{ ...ref, version, hash }]
    expect((await verified(await exported(store), kept)).isWhole).toBe(true)
    const other = memoryStore()
    await write(other, { sessionId: 's-1', words: ['yes'], artifact: 'x' })
    const forged = await exported(other)
    expect((await verified(forged)).isWhole).toBe(true)
    expect((await verified(forged, kept)).sessions).toMatchObject([{ check: { type: 'broken', reason: 'head' } }])
    const shorter = await verified(forged, [{ ...ref, version: version + 1, hash }])
    expect(shorter.sessions).toMatchObject([{ check: { type: 'broken', reason: 'missing' } }])
  })

  test('says what the store did not have any more', async () => {
    const store = memoryStore()
    await write(store, { sessionId: 's-1', words: [], artifact: 'x' })
    const without = { ...store, artifact: async () => null }
    expect(await verified(await exported(without))).toMatchObject({ isWhole: true, file: { artifacts: 1, missing: 1 } })
  })

  test('whose body is no JSON, by whoever wrote the log so, is written and checked by its hashes like any other', async () => {
    const store = memoryStore()
    const events = [{ kind: 'message_received', format: 1, body: '{"artifact":' }]
    await store.create({ ref: { tenant, sessionId: 's-1' }, agent: 'desk', events, status: 'running' })
    expect(await verified(await exported(store))).toMatchObject({
      isWhole: true,
      sessions: [{ check: { version: 1 } }],
    })
  })

  test('ends where its head says, whatever came after the head was read', async () => {
    const store = memoryStore()
    const ref = await write(store, { sessionId: 's-1', words: [], artifact: 'x' })
    const late = { kind: 'message_received', format: 1, body: '{"text":"late"}' }
    const grows: Store = {
      ...store,
      read: async (of, after, limit) => {
        const head = await store.head(ref)
        if (head?.version === 2)
          await store.append({ ref, version: 2, fence: null, at: null, events: [late], head: {} })
        return store.read(of, after, limit)
      },
    }
    const bytes = await exported(grows)
    expect((await store.head(ref))?.version).toBe(3)
    expect(await verified(bytes)).toMatchObject({ isWhole: true, sessions: [{ check: { version: 2 } }] })
  })
})

test('a file that is no export is read no further than its first line', async () => {
  const { file } = await verified(Buffer.from('# Pawl\n\nno\n'))
  expect(file).toMatchObject({ lines: 1, problems: [{ line: 1, says: expect.stringContaining('no export') }] })
})

/** Positions of bytes in lines of these types. */
function placesOf(bytes: Buffer, types: readonly string[]): readonly number[] {
  const places: number[] = []
  let from = 0
  for (const line of bytes.toString('latin1').split('\n').slice(0, -1)) {
    if (types.some((type) => line.startsWith(`{"type":"${type}"`)))
      for (let at = from; at < from + line.length; at += 1) places.push(at)
    from += line.length + 1
  }
  return places
}
