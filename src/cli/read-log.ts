/** The whole log of a session as it is shown, and what it adds up to: sensitive fields of inputs are masked. */
import { fold, type LogEvent, type State } from '../core/index.ts'
import type { Store } from '../index.ts'
import type { SessionRef, StoredEvent } from '../ports/index.ts'
import {
  createLogMask,
  createRedactor,
  createSessionShapes,
  decodeEvent,
  type LogMask,
  maskLog,
} from '../runtime/index.ts'
import type { App } from './app.ts'

const PAGE = 1_000

/** In pages, in order. */
export async function* storedEvents(store: Store, ref: SessionRef): AsyncGenerator<readonly StoredEvent[]> {
  for (let from = 0; ; ) {
    const page = await store.read(ref, from, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    from = last.seq
  }
}

/** Where logs are read, and which credentials the configuration leaves in them. */
export type Reader = Pick<App, 'store' | 'keptPatterns'>

export async function readLog(reader: Reader, ref: SessionRef): Promise<readonly LogEvent[]> {
  const log: LogEvent[] = []
  for await (const page of storedEvents(reader.store, ref))
    for (const stored of page) log.push(decodeEvent(ref, stored))
  return maskLog(log, await maskOf(reader, ref, log.flatMap(toolsIn)))
}

function toolsIn({ event }: LogEvent): readonly string[] {
  return event.type === 'model_responded'
    ? event.response.parts.flatMap((part) => ('tool' in part ? [part.tool] : []))
    : []
}

/** For inputs of these tools, by the definitions that the log names: an agent need not be at hand to show what it did. */
export async function maskOf(
  { store, keptPatterns }: Reader,
  ref: SessionRef,
  tools: readonly string[],
): Promise<LogMask> {
  const shapes = createSessionShapes({ store, agents: new Map() }, ref, '')
  await shapes.learn(tools)
  return createLogMask(shapes.of, createRedactor({ finder: null, keptPatterns: new Set(keptPatterns) }))
}

export async function readState(reader: Reader, ref: SessionRef): Promise<State> {
  return fold(ref.tenant, ref.sessionId, await readLog(reader, ref))
}
