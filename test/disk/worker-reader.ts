/** Opens a file that others have open, on a disk that is full; see `reader.ts`. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from 'pawl/stores/sqlite'
import { verifySession } from '../../src/cli/verify-log.ts'
import type { Answered, Asked } from './reader.ts'
import { refOf } from './visit.ts'

process.on('message', (asked: Asked) => {
  void answer(asked).then((answered) => process.send?.(answered))
})

async function answer({ id, path, sessionId }: Asked): Promise<Answered> {
  try {
    return {
      id,
      kinds: await kindsOf(path, sessionId),
      crashed: await inCopy(path, (copy) => kindsOf(copy, sessionId)),
    }
  } catch (problem) {
    return { id, problem: String(problem) }
  }
}

/** Without a reserve: what is read must not depend on room that the reader took for itself. */
async function kindsOf(path: string, sessionId: string): Promise<readonly string[]> {
  const store = sqliteStore({ path, reserveBytes: 0 })
  try {
    const head = await store.head(refOf({ sessionId }))
    if (head === null) return []
    const { check } = await verifySession(store, head)
    if (check.type === 'broken') throw new Error(`the chain is broken at ${check.seq}: ${check.reason}`)
    return (await store.read(refOf({ sessionId }), 0, 10_000)).map(({ kind }) => kind)
  } finally {
    await store.close()
  }
}

async function inCopy<Result>(path: string, use: (copy: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
  try {
    const copy = join(folder, 'pawl.db')
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
    return await use(copy)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
