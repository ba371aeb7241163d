/** P12 while it runs: after a commit, the state in memory is the fold of the log that the store holds. */
import { encodeState, fold, type State } from '../../core/index.ts'
import { canonicalJson, decodeEvent, type Wiring } from '../../runtime/index.ts'
import type { World } from './world.ts'

/** Comparing every commit costs the square of the log; a sample finds the same bugs. */
const SAMPLED = 0.15

export function watchDrafts(world: World, wiring: Wiring): Wiring {
  return {
    ...wiring,
    keepPass: (draft) => {
      wiring.keepPass(draft)
      if (!world.chance.happens(SAMPLED)) return
      const { tenant, sessionId, seq } = draft.state
      const ref = { tenant, sessionId }
      const held = canonicalState(draft.state)
      world.base.read(ref, 0, 100_000).then((stored) => {
        const log = stored.slice(0, seq).map((event) => decodeEvent(ref, event))
        if (canonicalState(fold(tenant, sessionId, log)) === held) return
        world.violate({
          invariant: 'P12 the log gives the state',
          detail: `the driver's state at ${seq} is not the fold of the log`,
          sessionId,
        })
      })
    },
  }
}

/** Two states are the same when these texts are: whatever the order in which their fields were written. */
export function canonicalState(state: State): string {
  // What `encodeState` wrote is JSON.
  return canonicalJson(JSON.parse(encodeState(state)) as object)
}
