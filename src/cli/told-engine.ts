/** An engine that tells of every drive. */
import type { Engine, SessionRef } from '../ports/index.ts'
import type { Drove } from './named-sessions.ts'

export interface Drives {
  readonly engine: Engine
  /** Sessions that are driven at this moment. */
  underWay(): number
}

export function toldEngine(engine: Engine, onDrove: (ref: SessionRef, how: Drove) => void): Drives {
  let underWay = 0
  return {
    engine: {
      ...engine,
      start: (host) =>
        engine.start({
          ...host,
          drive: async (ref, options) => {
            underWay += 1
            try {
              const how = await host.drive(ref, options)
              onDrove(ref, how)
              return how
            } finally {
              underWay -= 1
            }
          },
        }),
    },
    underWay: () => underWay,
  }
}
