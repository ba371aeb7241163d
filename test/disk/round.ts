/** One round: visits to a desk whose room runs out at a step, what people do then, and room again. */
import { setTimeout as delay } from 'node:timers/promises'
import { StoreFullError } from 'pawl'
import { checkAcknowledged, checkEffects, checkVisit, type Finding } from './check-round.ts'
import { type Desk, openDesk } from './desk.ts'
import { isOneByOne, type Mode } from './modes.ts'
import { LONG_REASON, othersOf } from './one-by-one.ts'
import type { Plant } from './plants.ts'
import type { Reader } from './reader.ts'
import type { Room } from './room.ts'
import { type Acknowledged, cancel, makeVisit, type Notes, refOf, type Visit } from './visit.ts'

export type Round = {
  readonly mode: Mode
  readonly visits: readonly Visit[]
  /** The end of each visit without a fault, by its message. */
  readonly ends: Readonly<Record<string, string>>
}

export type Rounded = {
  readonly findings: readonly Finding[]
  /** Writes that were refused: 0 where the room did not run out. */
  readonly refusals: number
  readonly cancels: number
}

/** What is tried while there is no room is tried for so long. */
const FULL_MS = 40
const MOST_MS_TO_FULL = 5_000

type Means = { readonly room: Room; readonly reader: Reader; readonly plant: Plant }

export async function playRound(round: Round, means: Means): Promise<Rounded> {
  const { room, plant } = means
  const desk = openDesk(room, (store) => plant.store?.(store, room) ?? store)
  try {
    return await playAt(desk, round, means)
  } finally {
    await desk.close()
  }
}

async function playAt(desk: Desk, round: Round, means: Means): Promise<Rounded> {
  const { room } = means
  const notes: Notes = { acknowledged: [], surprises: [] }
  const areOneByOne = isOneByOne(round.mode)
  if (areOneByOne) await desk.reopen('idle')
  const visiting = round.visits.map((visit) => makeVisit(desk, visit, notes).catch((problem) => String(problem)))
  const unstarted = areOneByOne ? await notStarted(desk, round.visits) : []
  if (!areOneByOne) await isFullOrOver(desk, Promise.all(visiting))
  const cancelled = new Map<string, Acknowledged>()
  const findings: Finding[] = [...unstarted]
  if (round.mode !== 'wait') findings.push(...(await cancelAll(desk, { round, means, notes, cancelled })))
  // Of sessions that have not started nothing can be cancelled, which is another finding.
  if (areOneByOne && unstarted.length === 0 && cancelled.size !== round.visits.length)
    findings.push({ check: 'cancel', found: `${cancelled.size} of ${round.visits.length} cancels found room` })
  await delay(FULL_MS)
  const { refusals } = desk
  if (room.makeRoom() === 'when_opened' || areOneByOne || round.mode === 'cancel_cold') await desk.reopen('driving')
  for (const [index, stuck] of (await Promise.all(visiting)).entries()) {
    const visit = round.visits[index]
    if (stuck !== null) findings.push({ check: 'end', found: stuck })
    else if (visit !== undefined) {
      const end = round.ends[visit.message] ?? ''
      findings.push(...(await checkVisit(desk, visit, { end, cancelled: cancelled.get(visit.sessionId) ?? null })))
    }
  }
  findings.push(...(await checkAcknowledged(desk, notes)), ...(await checkEffects(desk, round.visits)))
  for (const found of [...notes.surprises, ...desk.surprises]) findings.push({ check: 'typed', found })
  return { findings, refusals, cancels: cancelled.size }
}

async function notStarted(desk: Desk, visits: readonly Visit[]): Promise<readonly Finding[]> {
  const until = performance.now() + MOST_MS_TO_FULL
  const findings: Finding[] = []
  for (const visit of visits) {
    while ((await desk.store.head(refOf(visit))) === null && performance.now() < until) await delay(2)
    if ((await desk.store.head(refOf(visit))) === null)
      findings.push({ check: 'end', found: `${visit.sessionId} has not started within ${MOST_MS_TO_FULL} ms` })
  }
  return findings
}

async function isFullOrOver(desk: Desk, over: Promise<unknown>): Promise<void> {
  let isOver = false
  void over.then(() => {
    isOver = true
  })
  const until = performance.now() + MOST_MS_TO_FULL
  while (desk.refusals === 0 && !isOver && performance.now() < until) await delay(2)
}

type Cancelling = {
  readonly round: Round
  readonly means: Means
  readonly notes: Notes
  readonly cancelled: Map<string, Acknowledged>
}

/** Also of a session that is due to end a moment later: where it has ended, there is nothing to cancel. */
async function cancelAll(desk: Desk, { round, means, notes, cancelled }: Cancelling): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  try {
    if (round.mode === 'cancel_cold') await desk.reopen('idle')
    if (round.mode === 'one_by_one_cold') await desk.reopen('driving', means.room.fillUp)
    const areOneByOne = isOneByOne(round.mode)
    const others = areOneByOne ? othersOf(desk, means.room) : async () => []
    for (const visit of round.visits.filter(({ isCancelled }) => isCancelled)) {
      findings.push(...(await others()))
      const acknowledged = await cancel(desk, visit, { notes, ...(areOneByOne && { reason: LONG_REASON }) })
      if (acknowledged === 'refused') findings.push(...(await checkRefused(desk, visit)))
      if (acknowledged === null || acknowledged === 'refused') continue
      cancelled.set(visit.sessionId, acknowledged)
      const { path } = means.room.store
      const read = await means.reader.read(path, visit.sessionId)
      for (const kinds of 'kinds' in read ? [read.kinds, read.crashed] : [[]])
        if (kinds[acknowledged.seq - 1] !== 'cancel_requested')
          findings.push({ check: 'cancel', found: `another process reads ${JSON.stringify(read)}` })
    }
  } catch (problem) {
    if (!(problem instanceof StoreFullError)) throw problem
    findings.push({ check: 'cancel', found: `refused: ${problem.message}` })
  }
  return findings
}

/** Nothing but a session's end is a reason to refuse a cancel. */
async function checkRefused(desk: Desk, visit: Visit): Promise<readonly Finding[]> {
  const head = await desk.store.head(refOf(visit))
  if (head?.gate !== 'open') return []
  return [{ check: 'cancel', found: `${visit.sessionId} is ${head.status}, and its cancel was refused` }]
}
