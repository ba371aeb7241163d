/** The rules of who may drive. */
import type { Claimed, Leases, SessionRef } from '../ports/index.ts'
import type { HeadRow, Rules } from './tables.ts'

type Claim = Parameters<Leases['claim']>[1]
type Release = Parameters<Leases['release']>[1]
type Enlistment = Parameters<Leases['enlist']>[0]

export function enlist({ tables, now }: Rules, { workerId, holder, leaseMs }: Enlistment): { storeNow: number } {
  const storeNow = now()
  // A worker without a row counts as one whose lease ran out, so the rows of those can go.
  tables.deleteExpiredWorkers(storeNow)
  tables.saveWorker({ workerId, holder, leaseUntil: storeNow + leaseMs })
  return { storeNow }
}

export function renew(
  { tables, now }: Rules,
  { workerId, leaseMs }: { workerId: string; leaseMs: number },
): Awaited<ReturnType<Leases['renew']>> {
  const storeNow = now()
  const worker = tables.worker(workerId)
  if (!worker || worker.leaseUntil <= storeNow) return { type: 'refused' }
  tables.saveWorker({ ...worker, leaseUntil: storeNow + leaseMs })
  return { type: 'renewed', storeNow }
}

export function claim(rules: Rules, ref: SessionRef, { workerId, format, deadWorkers, alone }: Claim): Claimed {
  const row = rules.tables.head(ref)
  if (!row) return { type: 'unknown_session' }
  if (row.erasedAt !== null) return { type: 'erased' }
  if (row.format > format) return { type: 'format', format: row.format }
  const storeNow = rules.now()
  const isDead = row.workerId !== null && deadWorkers.includes(row.workerId)
  if (!isDead && isHeldByAnother(rules, row, { workerId, storeNow }))
    return { type: 'held', workerId: row.workerId ?? '' }
  const fence = row.fence + 1
  const deaths = deathsOf(row, workerId)
  // Due from now on, so that it is found when this holder dies.
  const wakeAt = row.wakeAt !== null && row.wakeAt <= storeNow ? row.wakeAt : storeNow
  rules.tables.saveHold(row.key, { fence, workerId, alone, deaths, wakeAt })
  return { type: 'claimed', fence, version: row.version, deaths, storeNow, deadFence: isDead ? row.fence : 0 }
}

export function release(
  { tables }: Rules,
  ref: SessionRef,
  { fence, version, wakeAt, rested }: Release,
): 'released' | 'refused' {
  const row = tables.head(ref)
  if (!row || row.fence !== fence || row.version !== version) return 'refused'
  const deaths = rested ? 0 : row.deaths
  tables.saveHold(row.key, { fence, workerId: null, alone: false, deaths, wakeAt })
  return 'released'
}

export function due({ tables, now }: Rules, query: Parameters<Leases['due']>[0]): Awaited<ReturnType<Leases['due']>> {
  const storeNow = now()
  const { limit, deadWorkers, format = Number.MAX_SAFE_INTEGER, agents = null } = query
  const rows = tables.due({ now: storeNow, limit: limit + 1, deadWorkers, format, agents })
  const refs = rows.slice(0, limit).map(({ tenant, sessionId }) => ({ tenant, sessionId }))
  const left = rows[limit]
  const nextWakeAt = left ? left.wakeAt : tables.nextMoment({ now: storeNow, limit, deadWorkers, format, agents })
  return { refs, nextWakeAt, storeNow }
}

/** A worker may take again what it holds itself: it knows whether an activation of its own still drives it. */
function isHeldByAnother(
  { tables }: Rules,
  row: HeadRow,
  { workerId, storeNow }: { workerId: string; storeNow: number },
): boolean {
  if (row.workerId === null || row.workerId === workerId) return false
  return (tables.worker(row.workerId)?.leaseUntil ?? 0) > storeNow
}

/** One more if the holder before ended without a release; past two only if it drove alone. */
function deathsOf(row: HeadRow, workerId: string): number {
  if (row.workerId === null || row.workerId === workerId) return row.deaths
  return row.alone ? row.deaths + 1 : Math.max(row.deaths, Math.min(row.deaths + 1, 2))
}
