/** A chain with a mistake that no flip shows: its events hold on their own, each at any place. A move must show it. */

import { eventHashOf, verifyChain } from '../../src/stores/chain.ts'
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import { type Log, logOf, type Verify } from './flips.ts'
import { moveAll } from './moves.ts'

const FIRST = { previous: '', seq: 1 }

/** Moves until one is missed: how many it took, or null where all are noticed. */
export function moveUnlinked({ ref, rows, events }: Log): number | null {
  const sealed = rows.map((row, index) => {
    const event = events[index]
    if (event === undefined) throw new Error('expected an event for each row')
    const hash = eventHashOf(ref, FIRST.previous, { ...event, seq: FIRST.seq })
    return { ...row, hash: Buffer.from(hash, 'hex') }
  })
  const planted = logOf(ref, sealed)
  const [missed] = moveAll(planted, eachAlone, chanceOf(1)).missed
  return missed?.tries ?? null
}

/** It still counts the rows, and holds the end against the head. */
const eachAlone: Verify = (ref, events, known = {}) => {
  let place = known.after ?? { version: 0, hash: '' }
  for (const event of events) {
    const seq = place.version + 1
    if (event.seq !== seq) return { type: 'broken', seq, reason: 'missing' }
    const check = verifyChain(ref, [{ ...event, seq: FIRST.seq }])
    if (check.type === 'broken') return { ...check, seq }
    place = { version: seq, hash: event.hash }
  }
  return verifyChain(ref, [], { ...known, after: place })
}
