/** The whole log of a session as it is shown, and what it adds up to: sensitive fields of inputs are masked. */
import { type EventOf, fold, type LogEvent, type State } from '../core/index.ts'
import type { Store } from '../index.ts'
import type { SessionRef, StoredEvent } from '../ports/index.ts'
import {
  createLogMask,
  createRedactor,
  decodeEvent,
  type LogMask,
  maskLog,
  shapesOfDefinitions,
} from '../runtime/index.ts'

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
  return maskLog(log, await maskOf(store, log))
}

/** By the definitions that the log names: an agent need not be at hand to show what it did. */
export async function maskOf(store: Store, log: readonly LogEvent[]): Promise<LogMask> {
  const names = log.flatMap(({ event }) => (namesDefinition(event) ? [event.definitionHash] : []))
  // The newest stands last, and counts where several have a tool.
  const newestLast = [...new Set(names.toReversed())].toReversed()
  const definitions = await Promise.all(newestLast.map((hash) => store.definition(hash)))
  return createLogMask(shapesOfDefinitions(definitions), createRedactor({ finder: null }))
}

function namesDefinition(event: LogEvent['event']): event is EventOf<'session_started' | 'model_started'> {
  return event.type === 'session_started' || event.type === 'model_started'
}

export async function readState(store: Store, ref: SessionRef): Promise<State> {
  return fold(ref.tenant, ref.sessionId, await readLog(store, ref))
}
