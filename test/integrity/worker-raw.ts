/**
 * Flips bits of the file itself, one after the other, and says for each what came of it. In a process of its own, so that a crash
 * of the database shows as one.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { PawlError } from 'pawl'
import type { Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { isSound, type Verified, verifyHead, verifyMissing } from '../../src/cli/verify-log.ts'
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import type { Outcome, RawOrder } from './raw.ts'

const { original, path, from, count, heads: headsKept, chains }: RawOrder = JSON.parse(process.argv[2] ?? '')
const bytes = readFileSync(original)
copyFileSync(original, path)
const kept = await withStore(readAll)

for (let seed = from; seed < from + count; seed += 1) {
  const chance = chanceOf(seed)
  const [offset, bit] = [chance.below(bytes.length), chance.below(8)]
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << bit), offset)
  for (const suffix of ['-wal', '-shm']) writeFileSync(path + suffix, '')
  writeFileSync(path, damaged)
  process.stdout.write(`${JSON.stringify({ seed, offset, bit, ...(await look()) } satisfies Outcome)}\n`)
}

type Content = {
  readonly sessions: readonly { readonly session: string; readonly events: string }[]
  readonly broken: string | null
}

async function look(): Promise<Pick<Outcome, 'type' | 'found'>> {
  try {
    const content = await withStore(readAll)
    if (content.broken !== null) return { type: 'detected', found: content.broken }
    return JSON.stringify(content) === JSON.stringify(kept)
      ? { type: 'unchanged', found: '' }
      : { type: 'missed', found: 'another content, and nothing says so' }
  } catch (problem) {
    if (problem instanceof PawlError) return { type: 'refused', found: problem.code }
    return { type: 'untyped', found: problem instanceof Error ? (problem.stack ?? '') : String(problem) }
  }
}

async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = sqliteStore({ path, reserveBytes: 0 })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** As `pawl verify --against` goes through a store: each head that is there, and each that was kept. */
async function readAll(store: Store): Promise<Content> {
  const verified: Verified[] = []
  const sessions: Content['sessions'][number][] = []
  for (const head of await store.sessions({ limit: 100 })) {
    if (chains === 'checked') verified.push(await verifyHead(store, head, headsKept))
    const ref = { tenant: head.tenant, sessionId: head.sessionId }
    sessions.push({ session: JSON.stringify(ref), events: JSON.stringify(await store.read(ref, 0, 1e6)) })
  }
  if (chains === 'checked') verified.push(...(await verifyMissing(store, headsKept)))
  const unsound = verified.find((each) => !isSound(each))
  return { sessions, broken: unsound === undefined ? null : JSON.stringify(unsound) }
}
