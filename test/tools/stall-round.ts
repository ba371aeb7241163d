/**
 * Worker A drives sessions that look and pay, and one whose tool blocks its loop. Worker B has to take the others over while A still
 * stands, and nothing may be done twice; when A moves again it tells what came of its calls, and goes on as a new incarnation.
 */
import { writeFileSync } from 'node:fs'
import type { Limits } from 'pawl'
import { type Child, startWorker } from './child.ts'
import { readDeeds, type StallBug } from './orders.ts'
import { inRound, type Round } from './round.ts'
import { eventually } from './wait.ts'

export type StallPlan = {
  readonly blockMs: number
  readonly limits: Pick<Limits, 'leaseMs' | 'stallMs' | 'noticeMs' | 'graceMs'>
  readonly bug: StallBug | null
}

export type StallFound = { readonly violations: readonly string[]; readonly takeoverMs: number | null }

/** Processes start slowly on a machine under load. */
const MAX_START_MS = 30_000
const MAX_END_MS = 20_000
const LOOKS = 4
/** After the block has begun; B repeats a look from its start. */
const ERRAND_MS = 300

export async function stallRound({ blockMs, limits, bug }: StallPlan): Promise<StallFound> {
  let takeoverMs: number | null = null
  const violations = await inRound({ limits, bug }, async (round) => {
    const workers: Child[] = []
    try {
      takeoverMs = await play(round, { blockMs, workers })
    } finally {
      for (const worker of workers) worker.signal('SIGKILL')
      await Promise.all(workers.map(({ ended }) => ended))
    }
  })
  return { violations, takeoverMs }
}

/** Nobody waits for a worker that drives one session: it keeps it, and what its tool answers counts. */
export async function soleRound(blockMs: number, limits: StallPlan['limits']): Promise<readonly string[]> {
  return inRound({ limits, bug: null }, async (round) => {
    const block = await round.start({ tool: 'block', ms: blockMs })
    writeFileSync(round.orders.goPath, '')
    const first = startWorker(round.orders)
    const isDone = async () => (await round.status(block)) === 'done' || null
    if ((await eventually(isDone, MAX_START_MS)) === null)
      round.violations.push(`kept: the only session of a blocked worker is ${await round.status(block)}`)
    await checkUnsafe(round, block)
    if (!/has stood still for .*; it keeps its lease, since it drives nothing else/.test(first.complaints()))
      round.violations.push(`said: the worker did not say that it stood still: ${first.complaints()}`)
    first.signal('SIGTERM')
    await first.ended
  })
}

type Playing = { readonly blockMs: number; readonly workers: Child[] }

async function play(round: Round, { blockMs, workers }: Playing): Promise<number | null> {
  const { orders, violations } = round
  const looks = await Promise.all(Array.from({ length: LOOKS }, () => round.start({ tool: 'look', ms: ERRAND_MS })))
  const pay = await round.start({ tool: 'pay', ms: ERRAND_MS })
  const block = await round.start({ tool: 'block', ms: blockMs })
  const all = [...looks, pay, block]
  const first = startWorker({ ...orders, bug: orders.bug === 'stalled_is_dead' ? null : orders.bug })
  workers.push(first)
  if ((await eventually(() => ifAll(all, (id) => hasStarted(round, id)), MAX_START_MS)) === null)
    return blame(violations, `A did not start its calls: ${first.complaints()}`)
  const holder = await holderOf(round, block)
  const second = startWorker(orders)
  workers.push(second)
  if (!(await second.ready)) return blame(violations, `B ended: ${second.complaints()}`)
  writeFileSync(orders.goPath, '')
  const began = await eventually(() => deedOf(round, block, 'blocks'), MAX_START_MS)
  if (began === null) return blame(violations, 'A did not block')
  const others = [...looks, pay]
  const isTakenOver = async () =>
    (await ifAll(others, async (id) => (await holderOf(round, id)) !== holder)) && Date.now()
  const takenAt = await eventually(async () => (await isTakenOver()) || null, began.at + blockMs - Date.now())
  const isBlocked = deedOf(round, block, 'blocked') === null
  if (takenAt === null || !isBlocked)
    return blame(violations, 'takeover: B did not take the sessions over while A stood still')
  await checkAfter(round, { looks, pay, block, first, second })
  return takenAt - began.at
}

type After = {
  readonly looks: readonly string[]
  readonly pay: string
  readonly block: string
  readonly first: Child
  readonly second: Child
}

async function checkAfter(round: Round, { looks, pay, block, first, second }: After): Promise<void> {
  const { violations } = round
  const isDone = async (id: string) => (await round.status(id)) === 'done'
  if ((await eventually(() => ifAll(looks, isDone), MAX_END_MS)) === null)
    violations.push('looks: sessions that were taken over did not end')
  for (const id of [pay, block]) {
    const isLate = async () => (await round.events(id)).some(({ type }) => type === 'late_outcome_noted') || null
    if ((await eventually(isLate, MAX_END_MS)) === null) violations.push(`late: what came of ${id} was not noted`)
    await checkUnsafe(round, id)
  }
  if (!/its event loop has stood still for \d+ ms \(under way: .*block \(call c1 of session/.test(first.complaints()))
    violations.push(`said: A did not say what blocked it: ${first.complaints()}`)
  second.signal('SIGTERM')
  const end = await second.ended
  if (end !== 0) violations.push(`end: B ended with ${end}: ${second.complaints()}`)
  const later = await round.start({ tool: 'look', ms: 0 })
  if ((await eventually(async () => (await isDone(later)) || null, MAX_END_MS)) === null)
    violations.push(`later: A drives nothing more: ${first.complaints()}`)
  first.signal('SIGTERM')
  const firstEnd = await first.ended
  if (firstEnd !== 0) violations.push(`end: A ended with ${firstEnd}: ${first.complaints()}`)
}

/** Started once, done once, and not taken for lost while its worker may still run it. */
async function checkUnsafe(round: Round, sessionId: string): Promise<void> {
  const events = await round.events(sessionId)
  const started = events.filter(({ type }) => type === 'call_started').length
  const deeds = readDeeds(round.orders).filter((deed) => deed.sessionId === sessionId && deed.what !== 'blocks').length
  if (started !== 1) round.violations.push(`starts: an unsafe call was started ${started} times`)
  if (deeds !== 1) round.violations.push(`deeds: an unsafe call was done ${deeds} times`)
  if (events.some(({ type }) => type === 'call_lost'))
    round.violations.push('lost: an unsafe call of a stalled worker was taken for lost before its time')
}

function blame(violations: string[], found: string): null {
  violations.push(found)
  return null
}

async function ifAll(ids: readonly string[], holds: (id: string) => Promise<boolean>): Promise<true | null> {
  for (const id of ids) if (!(await holds(id))) return null
  return true
}

async function hasStarted(round: Round, sessionId: string): Promise<boolean> {
  return (await round.events(sessionId)).some(({ type }) => type === 'call_started')
}

async function holderOf({ store }: Round, sessionId: string): Promise<string | null> {
  return (await store.head({ tenant: 'default', sessionId }))?.workerId ?? null
}

function deedOf({ orders }: Round, sessionId: string, what: string) {
  return readDeeds(orders).find((deed) => deed.sessionId === sessionId && deed.what === what) ?? null
}
