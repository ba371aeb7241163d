/** Rows that are taken out, exchanged and doubled. Whoever does it numbers the rows anew, so that none is missing. */
import type { StoredEvent } from 'pawl/ports'
import type { Chance } from '../../src/testing/simulator/chance.ts'
import { checkFrom, isDetected, type Log, type Verify } from './flips.ts'

/** Events that a move is looked at with. */
const NEIGHBOURS = 4

/** `tries`: how many it took until this one. */
export type Missed = { readonly move: string; readonly tries: number }
export type Moves = { readonly tried: number; readonly missed: readonly Missed[] }

export function moveAll(log: Log, verify: Verify, chance: Chance): Moves {
  const missed: Missed[] = []
  let tried = 0
  const expectBroken = (move: string, from: number, changed: readonly StoredEvent[]) => {
    tried += 1
    if (!isDetected(checkFrom(log, changed, { from, upTo: from + NEIGHBOURS, verify })))
      missed.push({ move, tries: tried })
  }
  const { events } = log
  for (const [index, event] of events.entries()) {
    const rest = events.slice(index + 1, index + NEIGHBOURS)
    expectBroken(`event ${event.seq} dropped`, index, rest)
    expectBroken(`event ${event.seq} dropped, the rest numbered anew`, index, numbered(rest, event.seq))
    expectBroken(`event ${event.seq} doubled`, index, numbered([event, event, ...rest], event.seq))
    const [next, ...others] = rest
    if (next)
      expectBroken(`events ${event.seq} and ${next.seq} swapped`, index, numbered([next, event, ...others], event.seq))
    const other = events[chance.below(events.length)]
    if (other && other.seq > event.seq)
      expectBroken(`events ${event.seq} and ${other.seq} swapped`, index, numbered([other, ...rest], event.seq))
  }
  return { tried, missed }
}

function numbered(events: readonly StoredEvent[], first: number): readonly StoredEvent[] {
  return events.map((event, index) => ({ ...event, seq: first + index }))
}
