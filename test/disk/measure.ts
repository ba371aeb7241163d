/** Rounds without a fault, which the others are compared with. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteStore } from 'pawl/stores/sqlite'
import { endOf, readLog } from './check-round.ts'
import { openDesk } from './desk.ts'
import { type Measured, messages } from './orders.ts'
import { PAGE_BYTES, PAGES_WITHOUT_END, pageRoom } from './room.ts'
import { makeVisit } from './visit.ts'

export async function measure(folder: string): Promise<Measured> {
  const cases: Case[] = []
  for (const message of Object.values(messages))
    cases.push(await takeCase(join(folder, `case-${cases.length}`), message))
  const empty = join(folder, 'empty.db')
  await sqliteStore({ path: empty, reserveBytes: 0 }).close()
  return {
    ends: Object.fromEntries(cases.map(({ message, end }) => [message, end])),
    commits: cases[0]?.commits ?? 0,
    emptyPages: statSync(empty).size / PAGE_BYTES,
    pages: cases[0]?.pages ?? 0,
  }
}

/** A lease that is renewed while the machine is busy is a commit that no round may have. */
const UNRENEWED = { leaseMs: 3_600_000, stallMs: 0 }

type Case = { readonly message: string; readonly end: string; readonly commits: number; readonly pages: number }

async function takeCase(folder: string, message: string): Promise<Case> {
  const room = pageRoom(folder, PAGES_WITHOUT_END)
  const desk = openDesk(room, (store) => store, UNRENEWED)
  const visit = { sessionId: 's1', message, isCancelled: false }
  const stuck = await makeVisit(desk, visit, { acknowledged: [], surprises: [] })
  if (stuck !== null) throw new Error(stuck)
  const end = endOf(visit.sessionId, await readLog(desk, visit))
  const { commits } = desk
  await desk.close()
  const pages = statSync(room.store.path).size / PAGE_BYTES
  room.remove()
  return { message, end, commits, pages }
}
