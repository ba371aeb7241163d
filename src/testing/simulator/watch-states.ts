/** P12: the state that a driver holds after a commit is the fold of the log, and so is what a snapshot gives back. */
import { decodeState, encodeState, fold, type State } from '../../core/index.ts'
import type { SessionRef } from '../../ports/index.ts'
import { loadState, wiring as shipped, type Wiring } from '../../runtime/index.ts'
import { differenceOf } from './difference.ts'
import type { World } from './world.ts'

/** Comparing every commit costs the square of the log; a sample finds the same bugs, and the end is compared whole. */
const SAMPLED = 0.25
const INVARIANT = 'P12 the log gives the state'

export function watchStates(world: World, wiring: Wiring): Wiring {
  return {
    ...wiring,
    keepPass: (draft) => {
      wiring.keepPass(draft)
      if (!world.chance.happens(SAMPLED)) return
      const { state } = draft
      const found = differenceFromLog(world, state)
      if (found !== null) world.violate(state, INVARIANT, `a driver at ${state.seq}: ${found}`)
    },
  }
}

function differenceFromLog({ records }: World, state: State): string | null {
  const { tenant, sessionId, seq } = state
  const folded = records.stateOf(state)
  if (folded?.seq === seq) return differenceOf(state, folded)
  const log = records.find(state)?.log.slice(0, seq) ?? []
  if (log.length < seq) return `the log has ${log.length} events`
  return differenceOf(state, fold(tenant, sessionId, log))
}

/** The store gives back what was seen to be written; the state can be encoded and read; a snapshot and its tail give the same. */
export async function checkWhole(world: World, ref: SessionRef): Promise<void> {
  const { base, records, violate } = world
  const folded = records.stateOf(ref)
  if (folded === undefined) return
  const encoded = differenceOf(decodeState(encodeState(folded)), folded)
  if (encoded !== null) violate(ref, INVARIANT, `read back from its text: ${encoded}`)
  const seen = records.stored(ref)
  const stored = await base.read(ref, 0, seen.length + 1)
  const isSame =
    stored.length === seen.length && stored.every(({ hash, body }, index) => isStored(seen[index], hash, body))
  if (!isSame) violate(ref, 'P1 acknowledged is never lost', 'the store gives back another log than was written')
  if ((await base.snapshot(ref)) === null) return
  const loaded = differenceOf(await loadState(base, ref, shipped), folded)
  if (loaded !== null) violate(ref, INVARIANT, `loaded with its snapshot: ${loaded}`)
}

function isStored(
  seen: { readonly hash: string; readonly body: string | null } | undefined,
  hash: string,
  body: string | null,
): boolean {
  return seen?.hash === hash && seen.body === body
}
