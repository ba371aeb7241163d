/** Sessions that are cancelled one after another without room, where whatever comes free in between is written full by others. */
import { StoreFullError } from 'pawl'
import type { Finding } from './check-round.ts'
import type { Desk } from './desk.ts'
import { messages } from './orders.ts'
import type { Room } from './room.ts'
import type { Visit } from './visit.ts'

/** With a reason of more than a page, so that none fits into what a page has left. */
export const LONG_REASON = 'the disk is full '.repeat(200)

/** Characters of what others write: a long message first, and then what still fits beside it. */
const LENGTHS = [16_000, 2_000, 1] as const
/** More than fit into any of the rooms: a store that takes all of them is not full. */
const MOST_STARTS = 500

/** One for each cancel. They are started and not driven, so that all of them are open when the room runs out. */
export function drawVisits(cancels: number): readonly Visit[] {
  return Array.from({ length: cancels }, (_, index) => ({
    sessionId: `s${index}`,
    message: messages.question,
    isCancelled: true,
  }))
}

/** Starts sessions of others until not even the shortest is taken, and then takes what is left of the disk. */
export function othersOf(desk: Desk, room: Room): () => Promise<readonly Finding[]> {
  let started = 0
  async function startUntilFull(length: number): Promise<boolean> {
    while (started < MOST_STARTS) {
      started += 1
      try {
        await desk.runtime.start('support-triage', { message: '?'.repeat(length), sessionId: `other-${started}` })
      } catch (problem) {
        if (problem instanceof StoreFullError) return true
        throw problem
      }
    }
    return false
  }
  return async () => {
    room.fillUp()
    for (const length of LENGTHS)
      if (!(await startUntilFull(length))) return [{ check: 'typed', found: `${MOST_STARTS} sessions found room` }]
    room.fillUp()
    return []
  }
}
