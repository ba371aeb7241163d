/** What the rounds of one mode came to: thousands of rounds leave no log in memory. */

import type { LogEvent } from 'pawl/core'
import { inFlight, isCalmRound, takeOverMs } from './check-strikes.ts'
import { add, createCounts, histogram, say } from './counts.ts'
import { toolKinds } from './errand.ts'
import type { RoundResult } from './round.ts'
import type { Blow } from './strikes.ts'

/** In the order in which they are told. */
const totalNames = [
  'rounds',
  'sessions',
  'events',
  'signals sent',
  'sessions held at a signal',
  'calls in flight at a signal',
  'calls lost',
  'late outcomes noted',
  'freezes past the lease',
  'of these, frozen while writing (nobody could take over)',
  'sessions taken over from the frozen',
  'writes that came after startBy, and were refused',
  'unsafe calls frozen exactly between the last look and the start',
  'clean drains',
  'messages acknowledged by the workers',
] as const

export type TotalName = (typeof totalNames)[number]

export interface Tally {
  add(result: RoundResult): void
  readonly totals: ReadonlyMap<TotalName, number>
  /** Milliseconds: how long drains took. */
  readonly drainsMs: readonly number[]
  /** Milliseconds: how long after a drain others went on with a session. */
  readonly takeOversMs: readonly number[]
  /** As lines for people. */
  report(): string
}

export function createTally(): Tally {
  const totals = new Map<TotalName, number>(totalNames.map((name) => [name, 0]))
  const count = (name: TotalName, by = 1): void => {
    totals.set(name, (totals.get(name) ?? 0) + by)
  }
  const drainsMs: number[] = []
  const takeOversMs: number[] = []
  const shown = createShown()
  return {
    totals,
    drainsMs,
    takeOversMs,
    add: (result) => {
      const { logs, entries, diary, blows } = result
      const events = [...logs.values()].flat()
      count('rounds')
      count('sessions', logs.size)
      count('events', events.length)
      count('calls lost', events.filter(({ event }) => event.type === 'call_lost').length)
      count('late outcomes noted', events.filter(({ event }) => event.type === 'late_outcome_noted').length)
      count('writes that came after startBy, and were refused', entries.lates.length)
      count('unsafe calls frozen exactly between the last look and the start', frozenInBetween(result))
      count('messages acknowledged by the workers', diary.acknowledged.length)
      for (const blow of blows) {
        for (const [name, by] of countsOf(blow, logs)) count(name, by)
        if (blow.type !== 'term') continue
        if (blow.drainMs !== null) drainsMs.push(blow.drainMs)
        if (isCalmRound(blows))
          takeOversMs.push(...blow.due.flatMap((held) => takeOverMs(diary, blow.endedAt, held) ?? []))
      }
      shown.add(result, events)
    },
    report: () => [totalNames.map((name) => `${totals.get(name)} ${name}`).join(', '), ...shown.lines()].join('\n'),
  }
}

function frozenInBetween({ diary }: RoundResult): number {
  const isBetween = ({ at, allowedAt, startBy }: (typeof diary.entered)[number]) => allowedAt <= startBy && at > startBy
  return diary.entered.filter((each) => each.isUnsafe && isBetween(each)).length
}

function countsOf(blow: Blow, logs: RoundResult['logs']): readonly (readonly [TotalName, number])[] {
  const open = blow.held.reduce((sum, held) => sum + inFlight(logs.get(held.sessionId) ?? [], held).length, 0)
  const held = [
    ['sessions held at a signal', blow.held.length],
    ['calls in flight at a signal', open],
  ] as const
  if (blow.type === 'kill') return [...held, ['signals sent', 1]]
  if (blow.type === 'term') return [...held, ['signals sent', blow.signals], ['clean drains', blow.isClean ? 1 : 0]]
  if (!blow.isPastLease) return [...held, ['signals sent', 2]]
  return [
    ...held,
    ['signals sent', 2],
    ['freezes past the lease', 1],
    ['of these, frozen while writing (nobody could take over)', blow.isLocking ? 1 : 0],
    ['sessions taken over from the frozen', blow.takenOver],
  ]
}

/** What people like to see beside the totals. */
function createShown() {
  const outcomes = createCounts()
  const starts = createCounts()
  const acknowledged = createCounts()
  const refused = createCounts()
  const blocks = createCounts()
  const ends = createCounts()
  const lastOfHeld = createCounts()
  return {
    add: ({ logs, notes, entries, blows }: RoundResult, events: readonly LogEvent[]): void => {
      for (const { event } of events) {
        if (event.type === 'call_settled') add(outcomes, `settled ${event.settlement}`)
        if (event.type === 'call_finished') add(outcomes, event.outcome.type)
        if (event.type === 'session_parked') add(blocks, event.reason)
      }
      for (const log of logs.values()) add(ends, endOf(log))
      for (const { tool } of entries.starts) add(starts, toolKinds[tool])
      for (const { kind } of notes.acknowledged) add(acknowledged, kind)
      for (const [code, times] of notes.refused) add(refused, code, times)
      for (const { last } of blows.flatMap(({ held }) => held)) add(lastOfHeld, last)
    },
    lines: (): readonly string[] => [
      `outcomes: ${say(outcomes)}; tools asked: ${say(starts)}`,
      `acknowledged: ${say(acknowledged)}; not accepted: ${say(refused)}`,
      `blocks: ${say(blocks)}; ends: ${say(ends)}`,
      'the last event of each session that was held at a signal:',
      ...histogram(lastOfHeld),
    ],
  }
}

function endOf(log: readonly LogEvent[]): string {
  const last = log.findLast(({ event }) => event.type === 'session_ended' || event.type === 'session_parked')?.event
  if (last?.type === 'session_ended') return last.reason
  return last?.type === 'session_parked' ? `blocked(${last.reason})` : 'none'
}
