/** The end of a world: everything comes to rest once the faults have stopped, and is then looked at as a whole. */
import { status, statusWord } from '../../core/index.ts'
import type { Outside } from './outside.ts'
import type { SessionRecord } from './record.ts'
import { keyOf } from './records.ts'
import { checkWhole } from './watch-states.ts'
import type { World } from './world.ts'

/** Longer than any lease, timeout, backoff and expiry of the simulation. */
const STUCK_MS = 45_000
/** However long people go on writing. */
const HORIZON_MS = 600_000

export async function runToRest(world: World, outside: Outside, sessions: number): Promise<void> {
  const { scheduler, records, violations } = world
  let events = 0
  let movedAt = 0
  while (violations.length === 0 && !isAtRest(world, sessions)) {
    if (!(await scheduler.step())) break
    if (records.events !== events || !world.hasHealed) movedAt = scheduler.now
    events = records.events
    if (scheduler.now - movedAt < STUCK_MS && scheduler.now < HORIZON_MS) continue
    return complainOfStuck(world, sessions)
  }
  if (violations.length > 0) return
  outside.check()
  await checkOrphans(world)
  for (const record of records.all()) {
    if (world.artifacts.isErased(record)) continue
    await checkWhole(world, record)
    await checkHead(world, record)
    checkLedger(world, record)
  }
}

/** The ledger has every request that was made, of memory and of plans too. */
function checkLedger({ records, violate }: World, record: SessionRecord): void {
  const { tokens = 0, costMicroUsd = 0 } = records.stateOf(record)?.ledger ?? {}
  const isWhole = record.asking.size === 0
  if (isWhole && (tokens !== record.tokens || costMicroUsd !== record.costMicroUsd))
    violate(record, 'P10 the ledger counts every request', `${tokens} tokens in it, ${record.tokens} in the log`)
}

/** One more sweep than the world had time for: what no event names goes, and nothing else. */
async function checkOrphans({ base, artifacts, shape, violate }: World): Promise<void> {
  if (shape.memory === null) return
  await base.sweepArtifacts({ before: Number.MAX_SAFE_INTEGER, limit: 10_000 })
  for (const { tenant, hash } of artifacts.all()) {
    const isThere = (await base.artifact(tenant, hash)) !== null || artifacts.lostAt(tenant, hash) < Infinity
    if (isThere && !artifacts.isNamed(tenant, hash))
      violate({ tenant, sessionId: '' }, 'artifacts: an orphan is swept at last', `${hash} is still there`)
    if (!isThere && artifacts.isNamed(tenant, hash))
      violate({ tenant, sessionId: '' }, 'artifacts: what is named is never swept', `${hash} is gone`)
  }
}

function isAtRest({ hasHealed, records, shape }: World, sessions: number): boolean {
  if (!hasHealed) return false
  const all = records.all()
  return all.length === sessions && all.every((record) => rests(record, shape.people.attend))
}

/** Ended; or, where nobody attends, parked with a question that only people can end. */
function rests({ ended, parked, open, running, asking }: SessionRecord, isAttended: boolean): boolean {
  if (ended !== null) return true
  if (isAttended || parked === null) return false
  return parked === 'poison' || (open.size === 0 && running.size === 0 && asking.size === 0)
}

function complainOfStuck({ records, shape, violate }: World, sessions: number): void {
  const all = records.all()
  if (all.length < sessions)
    violate({ tenant: '', sessionId: '' }, 'P11 every session begins', `${all.length} of ${sessions} were started`)
  for (const record of all) {
    if (rests(record, shape.people.attend)) continue
    violate(record, 'P11 every session comes to an end', `nothing happens any more, parked: ${record.parked}`)
  }
}

/** P2: what lists show was written with the log. */
async function checkHead({ base, records, violate }: World, record: SessionRecord): Promise<void> {
  const { tenant, sessionId, open, log } = record
  const rows = await base.approvals({ tenant, sessionId, limit: 1_000 })
  const shown = rows.map(({ approvalId }) => approvalId).sort()
  const expected = [...open.keys()].sort()
  if (shown.join() !== expected.join())
    violate(record, 'P2 rows are written with the log', `open are ${expected}; the list shows ${shown}`)
  const head = await base.head(record)
  const state = records.stateOf(record)
  if (head === null || state === undefined) return violate(record, 'P1 acknowledged is never lost', 'no head')
  if (head.version !== log.length)
    violate(
      record,
      'P2 rows are written with the log',
      `${keyOf(record)} is at ${log.length}, its head at ${head.version}`,
    )
  const word = statusWord(status(state))
  if (state.ended !== null && head.status !== word)
    violate(
      record,
      'P2 rows are written with the log',
      `the head of ${keyOf(record)} says ${head.status}, it is ${word}`,
    )
}
