/** The blows against the logs, the ledger and the workers' diary: what a worker did when its time was over. */
import type { EventOf, LogEvent } from 'pawl/core'
import { TOOL_TIMEOUT_MS } from './agent.ts'
import type { Diary } from './diary.ts'
import { isUnsafe, toolKinds } from './errand.ts'
import type { Entries, StartRow } from './ledger-client.ts'
import type { RoundLimits } from './mode.ts'
import type { Blow } from './strikes.ts'
import type { CheckName, Violation } from './violation.ts'
import type { Held } from './watch-file.ts'

/** How far a driver's estimate of the store's clock may be behind: one write. */
const MAX_CLOCK_ERROR_MS = 40
/** A machine under load is slow; a drain that waits for a call without end is slower. */
const MAX_OVER_GRACE_MS = 8_000
export type Struck = {
  readonly blows: readonly Blow[]
  readonly diary: Diary
  readonly entries: Entries
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
  readonly limits: RoundLimits
}

export function checkStrikes(struck: Struck): readonly Violation[] {
  const { blows, diary } = struck
  const isCalm = isCalmRound(blows)
  return [
    ...checkFences(diary),
    ...checkStarts(struck),
    ...checkBegins(struck),
    ...blows.flatMap((blow) => (blow.type === 'freeze' && blow.isPastLease ? checkFrozen(struck, blow) : [])),
    ...blows.flatMap((blow) => (blow.type === 'term' && blow.isClean ? checkDrained(struck, blow, isCalm) : [])),
    ...diary.beganAnew.map(({ sessionId, kinds }) =>
      say('drain', sessionId, `${kinds} was handed to the store by a worker that had been asked to drain`),
    ),
  ]
}

/** Where a worker has died, a session may be driven alone, and wait for that. */
export function isCalmRound(blows: readonly Blow[]): boolean {
  return blows.every((blow) => blow.type === 'term' && blow.isClean)
}

/** Along a log the fences of what drivers have appended never fall, whoever says so. */
function checkFences({ appended }: Diary): readonly Violation[] {
  return [...Map.groupBy(appended, ({ sessionId }) => sessionId)].flatMap(([sessionId, all]) => {
    let fence = 0
    return all
      .toSorted((one, other) => one.to - other.to)
      .flatMap((each) => {
        const isLower = each.fence < fence
        const found = `event ${each.to} was appended under fence ${each.fence}, after one under ${fence}`
        fence = Math.max(fence, each.fence)
        return isLower ? [say('fence', sessionId, found)] : []
      })
  })
}

/** The driver allowed an unsafe call in time; how late the tool was entered is the machine's. */
function checkStarts({ diary }: Struck): readonly Violation[] {
  return diary.entered
    .filter(({ isUnsafe, allowedAt, startBy }) => isUnsafe && allowedAt > startBy + MAX_CLOCK_ERROR_MS)
    .map(({ sessionId, callId, attempt, allowedAt, startBy }) =>
      say('late_start', sessionId, `${callId}/${attempt} was let begin ${allowedAt - startBy} ms after its startBy`),
    )
}

function checkBegins({ entries, logs }: Struck): readonly Violation[] {
  return entries.starts.flatMap((row) => {
    const begun = startOf(logs, row)
    if (toolKinds[row.tool] === 'read' || begun === undefined) return []
    const lateMs = row.at - (begun.at + begun.event.leaseMs)
    if (lateMs <= 0) return []
    return [say('late_begin', row.sessionId, `${row.callId}/${row.attempt} (${row.tool}) began ${lateMs} ms too late`)]
  })
}

/** Frozen past its lease: what was begun under the fences that it held then, began within that lease. */
function checkFrozen({ diary, logs, limits }: Struck, { held, at }: Extract<Blow, { type: 'freeze' }>) {
  return held.flatMap(({ sessionId, fence }) =>
    diary.entered
      .filter((each) => each.sessionId === sessionId && each.allowedAt > at + limits.leaseMs)
      .filter((each) => startOf(logs, each)?.event.fence === fence)
      .map((each) => {
        const found = `${each.callId}/${each.attempt} was let begin ${each.allowedAt - at} ms after its worker was frozen`
        return say('late_start', sessionId, found)
      }),
  )
}

type Drained = Extract<Blow, { type: 'term' }>

function checkDrained(struck: Struck, blow: Drained, isCalm: boolean): readonly Violation[] {
  const { drainMs, stillHeld } = blow
  const { graceMs } = struck.limits
  const isLong = drainMs !== null && drainMs > graceMs + MAX_OVER_GRACE_MS
  return [
    ...(isLong ? [say('drain', '', `it took ${drainMs} ms; the grace is ${graceMs}`)] : []),
    ...stillHeld.map(({ sessionId }) =>
      say('released', sessionId, 'the worker that held it has drained, and holds it still'),
    ),
    ...(isCalm ? blow.due.flatMap((each) => checkTakeOver(struck, blow, each)) : []),
    // Where the grace was used up, what was under way may be lost.
    ...(drainMs !== null && drainMs < graceMs ? blow.held.flatMap((each) => checkWaitedFor(struck, each)) : []),
  ]
}

/** Well before the lease would have run out. */
function checkTakeOver({ diary, limits }: Struck, { endedAt }: Drained, { sessionId, fence }: Held) {
  const ms = takeOverMs(diary, endedAt, { sessionId, fence })
  if (ms !== null && ms < (limits.leaseMs * 3) / 4) return []
  return [say('released', sessionId, `it was claimed ${ms ?? 'never, or not'} ms after the drain of its worker`)]
}

/** How long after the end of its worker a session was claimed; null: never. */
export function takeOverMs({ claimed }: Diary, endedAt: number, held: Pick<Held, 'sessionId' | 'fence'>) {
  const claim = claimed.find((each) => each.sessionId === held.sessionId && each.fence > held.fence)
  return claim === undefined ? null : Math.max(0, claim.at - endedAt)
}

/** A drain that was over before its grace has lost no unsafe call, and a call that was answered has that for its outcome. */
function checkWaitedFor({ logs, entries }: Struck, held: Held): readonly Violation[] {
  const { sessionId } = held
  const log = logs.get(sessionId) ?? []
  return inFlight(log, held).flatMap((begun) => {
    const { callId, attempt } = begun
    const row = entries.starts.find(
      (each) => each.sessionId === sessionId && each.callId === callId && each.attempt === attempt,
    )
    if (row === undefined || !isUnsafe(row.tool)) return []
    const end = log.find(({ event }) => isEndOf(event, callId, attempt))?.event
    if (end?.type === 'call_finished' && (end.outcome.type !== 'unknown' || !isCutOff(row, end, log))) return []
    const found = end?.type === 'call_finished' ? end.outcome.type : (end?.type ?? 'without an outcome')
    return [
      say('drain', sessionId, `${callId}/${attempt} was under way in a drain that was over early, and is ${found}`),
    ]
  })
}

/** It was answered, and neither its timeout nor a cancel has ended it before. */
function isCutOff(
  { answeredAt }: StartRow,
  { latencyMs = 0 }: EventOf<'call_finished'>,
  log: readonly LogEvent[],
): boolean {
  const isCancelled = log.some(({ event }) => event.type === 'cancel_requested')
  return answeredAt !== null && latencyMs < TOOL_TIMEOUT_MS && !isCancelled
}

/** Calls that the worker had begun and not ended when it was struck. */
export function inFlight(log: readonly LogEvent[], { fence, version }: Held): readonly EventOf<'call_started'>[] {
  return log.flatMap(({ seq, event }) => {
    if (event.type !== 'call_started' || event.fence !== fence || seq > version) return []
    const { callId, attempt } = event
    const hasEnded = log.some((each) => each.seq <= version && isEndOf(each.event, callId, attempt))
    return hasEnded ? [] : [event]
  })
}

function isEndOf(event: LogEvent['event'], callId: string, attempt: number): boolean {
  const isEnd = event.type === 'call_finished' || event.type === 'call_lost'
  return isEnd && event.callId === callId && event.attempt === attempt
}

type Place = { readonly sessionId: string; readonly callId: string; readonly attempt: number }

function startOf(logs: Struck['logs'], { sessionId, callId, attempt }: Place) {
  for (const { at, event } of logs.get(sessionId) ?? [])
    if (event.type === 'call_started' && event.callId === callId && event.attempt === attempt) return { at, event }
  return undefined
}

function say(check: CheckName, sessionId: string, found: string): Violation {
  return { check, sessionId, found }
}
