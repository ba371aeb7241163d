/** What is sensitive in the inputs of one session, also of tools that this runtime does not have, or has no longer. */
import type { SessionRef, Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { decodeEvent } from './encode.ts'
import { PAGE_EVENTS } from './load.ts'
import { type InputShapes, shapesOfAgent, shapesOfDefinitions } from './mask-log.ts'

export interface SessionShapes {
  readonly of: InputShapes
  /** Has to be called with the names of tools before their inputs are masked: looks into the stored definitions where it must. */
  learn(tools: readonly string[]): Promise<void>
}

export type ShapesContext = {
  readonly store: Pick<Store, 'read' | 'definition'>
  readonly agents: ReadonlyMap<string, Agent>
}

/** A tool of the agent as it is defined here; else as the newest definition that the log names and that has it. */
export function createSessionShapes({ store, agents }: ShapesContext, ref: SessionRef, agent: string): SessionShapes {
  const own = agents.get(agent)
  const ownShapes = own === undefined ? null : shapesOfAgent(own)
  const hashes = new Set<string>()
  let stored: InputShapes | null = null
  let readTo = 0
  const readHashes = async () => {
    for (;;) {
      const page = await store.read(ref, readTo, PAGE_EVENTS)
      for (const each of page) {
        readTo = each.seq
        if (each.kind !== 'session_started' && each.kind !== 'model_started') continue
        const { event } = decodeEvent(ref, each)
        if (!('definitionHash' in event)) continue
        // The newest stands last.
        hashes.delete(event.definitionHash)
        hashes.add(event.definitionHash)
      }
      if (page.length < PAGE_EVENTS) return
    }
  }
  return {
    of: (tool) => (ownShapes !== null && own?.tools.has(tool) === true ? ownShapes(tool) : (stored?.(tool) ?? null)),
    learn: async (tools) => {
      if (tools.every((tool) => own?.tools.has(tool) === true)) return
      const before = readTo
      await readHashes()
      if (stored !== null && readTo === before) return
      stored = shapesOfDefinitions(await Promise.all([...hashes].map((hash) => store.definition(hash))))
    },
  }
}
