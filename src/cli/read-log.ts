/** The whole log of a session, and what it adds up to. */
import { fold, type LogEvent, type State } from '../core/index.ts'
import type { Store } from '../index.ts'
import type { SessionRef, StoredEvent } from '../ports/index.ts'
import { decodeEvent } from '../runtime/index.ts'

const PAGE = 1_000

/** In pages, in order. */
export async function* storedEvents(store: Store, ref: SessionRef, after = 0): AsyncGenerator<readonly StoredEvent[]> {
  for (let from = after; ; ) {
    const page = await store.read(ref, from, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    from = last.seq
  }
}

export async function readLog(store: Store, ref: SessionRef): Promise<readonly LogEvent[]> {
  const log: LogEvent[] = []
  for await (const page of storedEvents(store, ref)) for (const stored of page) log.push(decodeEvent(ref, stored))
  return log
}

export async function readState(store: Store, ref: SessionRef): Promise<State> {
  return fold(ref.tenant, ref.sessionId, await readLog(store, ref))
}
