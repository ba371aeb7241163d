/** The whole log of a session as it is shown, and what it adds up to: sensitive fields of inputs are masked. */
import { fold, type LogEvent, type State } from '../core/index.ts'
import type { Store } from '../index.ts'
import type { SessionRef, StoredEvent } from '../ports/index.ts'
import {
  canonicalJson,
  createLogMask,
  createRedactor,
  createSessionShapes,
  createShapesOfSessions,
  decodeEvent,
  type InputShapes,
  type LogMask,
  maskLog,
  type ShapesContext,
} from '../runtime/index.ts'
import type { App } from './app.ts'
import { refuseErased } from './erased-session.ts'

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

/** Where logs are read, by whose definitions, and which credentials the configuration leaves in them. */
export type Reader = Pick<App, 'store' | 'agents' | 'keptPatterns'>

/** @throws CliError `session_erased` */
export async function readLog(reader: Reader, ref: SessionRef): Promise<readonly LogEvent[]> {
  await refuseErased(reader.store, ref)
  const shapes = createSessionShapes(definedFor(reader), ref)
  const log: LogEvent[] = []
  for await (const page of storedEvents(reader.store, ref)) {
    shapes.take(page)
    for (const stored of page) log.push(decodeEvent(ref, stored))
  }
  await shapes.learn()
  return maskLog(log, maskBy(reader, shapes.of))
}

/** Bodies of stored events as they are shown, session by session: for who reads a log in pages. */
export function shownEvents(reader: Reader): (ref: SessionRef) => Promise<(stored: StoredEvent) => string> {
  return async (ref) => {
    const shapes = createSessionShapes(definedFor(reader), ref)
    await shapes.learn()
    const mask = maskBy(reader, shapes.of)
    return (stored) => {
      const { type: _, ...body } = mask.event(decodeEvent(ref, stored)).event
      return canonicalJson(body)
    }
  }
}

/** What masks the inputs of a session, for lists of rows: as a runtime with this configuration's agents does. */
export function masksOf(reader: Reader): (ref: SessionRef) => Promise<LogMask> {
  const shapesOf = createShapesOfSessions(definedFor(reader))
  return async (ref) => maskBy(reader, await shapesOf(ref))
}

function definedFor({ store, agents }: Reader): ShapesContext {
  return { store, agents: new Map(agents.map((each) => [each.name, each])) }
}

function maskBy({ keptPatterns }: Reader, shapes: InputShapes): LogMask {
  return createLogMask(shapes, createRedactor({ finder: null, keptPatterns: new Set(keptPatterns) }))
}

export function stateOfLog({ tenant, sessionId }: SessionRef, log: readonly LogEvent[]): State {
  return fold(tenant, sessionId, log)
}

export async function readState(reader: Reader, ref: SessionRef): Promise<State> {
  return stateOfLog(ref, await readLog(reader, ref))
}
