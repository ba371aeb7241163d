/** What is sensitive in the inputs of one session, whoever shows them: by every definition that has had a say. */
import type { SensitiveShape } from '../core/index.ts'
import { PawlError, type SessionRef, type Store, type StoredEvent } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { decodeEvent } from './encode.ts'
import { PAGE_EVENTS } from './load.ts'
import { hidesAll, type InputShapes, shapesOfAgent, shapesOfDefinitions } from './mask-log.ts'

export interface SessionShapes {
  /**
   * What the session's agent marks as it is defined here, and what any definition marks that the log names: a mark that came with a
   * deploy, or went with one, hides all the same. Whole inputs until `learn` has answered, and where a definition cannot be had.
   */
  readonly of: InputShapes
  /** For who has the log in hand: pages in order, from its beginning. Others are left for `learn` to read. */
  take(page: readonly StoredEvent[]): void
  /** Has to be called before inputs are masked: reads of the log what was not taken, and then the definitions that are new in it. */
  learn(): Promise<void>
}

export type ShapesContext = {
  readonly store: Pick<Store, 'read' | 'definition'>
  readonly agents: ReadonlyMap<string, Agent>
}

export function createSessionShapes(context: ShapesContext, ref: SessionRef): SessionShapes {
  const named = createNamed(context, ref)
  const definitions = new Map<string, string | null>()
  let shapes = hidesAll
  return {
    of: (tool) => shapes(tool),
    take: named.take,
    learn: async () => {
      if (!(await named.readOn())) {
        definitions.clear()
        shapes = hidesAll
        return
      }
      // What was missing is asked for again.
      const fresh = [...named.hashes].filter((hash) => (definitions.get(hash) ?? null) === null)
      if (fresh.length === 0) return
      const own = named.agent()
      const bodyOf = (hash: string) =>
        hash === own?.terms.definitionHash ? own.definition : context.store.definition(hash)
      for (const hash of fresh) definitions.set(hash, await bodyOf(hash))
      shapes = together(own === null ? [] : [shapesOfAgent(own)], shapesOfDefinitions([...definitions.values()]))
    },
  }
}

function together(own: readonly InputShapes[], stored: InputShapes): InputShapes {
  const known = new Map<string, readonly SensitiveShape[]>()
  return (tool) => {
    const shapes = known.get(tool) ?? [...own, stored].flatMap((each) => each(tool))
    known.set(tool, shapes)
    return shapes
  }
}

interface Named {
  /** Of the definitions that its log names, as far as it was read. */
  readonly hashes: ReadonlySet<string>
  /** Whose session it is; null: not known here. */
  agent(): Agent | null
  take(page: readonly StoredEvent[]): void
  /** False: something in it cannot be read, and might name anything. One such log is no reason to show nobody the others. */
  readOn(): Promise<boolean>
}

function createNamed({ store, agents }: ShapesContext, ref: SessionRef): Named {
  const hashes = new Set<string>()
  let agent: Agent | null = null
  let readTo = 0
  const note = (page: readonly StoredEvent[]) => {
    for (const stored of page) {
      if (stored.seq <= readTo) continue
      if (stored.kind === 'session_started' || stored.kind === 'model_started') {
        const { event } = decodeEvent(ref, stored)
        if (event.type === 'session_started') agent = agents.get(event.agent) ?? null
        if ('definitionHash' in event) hashes.add(event.definitionHash)
      }
      readTo = stored.seq
    }
  }
  return {
    hashes,
    agent: () => agent,
    take: (page) => {
      const [first] = page
      if (first !== undefined && first.seq <= readTo + 1) note(page)
    },
    readOn: async () => {
      try {
        for (;;) {
          const page = await store.read(ref, readTo, PAGE_EVENTS)
          note(page)
          if (page.length < PAGE_EVENTS) return true
        }
      } catch (problem) {
        if (problem instanceof PawlError && UNREADABLE.has(problem.code)) return false
        throw problem
      }
    },
  }
}

/** The codes of `StoreCorruptError` and `UnknownEventError`. */
const UNREADABLE: ReadonlySet<string> = new Set(['store_corrupt', 'unknown_event'])

/** Sessions whose logs are not read again from the beginning. */
const MAX_KNOWN_SESSIONS = 1_000

/** For lists of rows: of a session that was listed before, only what is new is read. */
export function createShapesOfSessions(context: ShapesContext): (ref: SessionRef) => Promise<InputShapes> {
  const known = new Map<string, SessionShapes>()
  return async (ref) => {
    const name = JSON.stringify([ref.tenant, ref.sessionId])
    const shapes = known.get(name) ?? createSessionShapes(context, ref)
    // The one that was not asked for the longest stands first.
    known.delete(name)
    known.set(name, shapes)
    const [oldest = name] = known.keys()
    if (known.size > MAX_KNOWN_SESSIONS) known.delete(oldest)
    await shapes.learn()
    return shapes.of
  }
}
