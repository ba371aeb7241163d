/** What rounds came to, for people. */
import type { LogEvent } from 'pawl/core'
import { add, type Deaths } from './deaths.ts'
import { toolKinds } from './errand.ts'
import type { RoundResult } from './round.ts'

const BAR = 30
const LAST_EVENTS = 12

/** The counts of all rounds so far: thousands of rounds leave no log in memory. */
export interface Tally {
  add(result: RoundResult): void
  /** As lines for people, with what stood last in the log at the deaths. */
  report(deaths: Deaths): string
}

type Counts = Map<string, number>

export function createTally(): Tally {
  const kinds: Counts = new Map()
  const outcomes: Counts = new Map()
  const starts: Counts = new Map()
  const landings: Counts = new Map()
  const acknowledged: Counts = new Map()
  const refused: Counts = new Map()
  const blocks: Counts = new Map()
  const ends: Counts = new Map()
  const totals = { rounds: 0, sessions: 0, events: 0, revivals: 0 }
  const of = (kind: string): number => kinds.get(kind) ?? 0
  return {
    add: ({ logs, notes, entries }) => {
      const events = [...logs.values()].flat()
      totals.rounds += 1
      totals.sessions += logs.size
      totals.events += events.length
      totals.revivals += notes.revivals.length
      for (const { event } of events) add(kinds, event.type)
      for (const word of outcomesOf(events)) add(outcomes, word)
      for (const word of parksOf(events)) add(blocks, word)
      for (const log of logs.values()) add(ends, endOf(log))
      for (const { tool } of entries.starts) add(starts, toolKinds[tool])
      for (const { tool } of entries.landings) add(landings, toolKinds[tool])
      for (const { kind } of notes.acknowledged) add(acknowledged, kind)
      for (const [code, count] of notes.refused) add(refused, code, count)
    },
    report: (deaths) =>
      [
        `${totals.rounds} rounds, ${deaths.count} kills, ${totals.sessions} sessions, ${totals.events} events`,
        `calls: ${of('call_started')} attempts, ${of('call_lost')} lost; models: ${of('model_started')} attempts, ${of('model_lost')} lost`,
        `outcomes: ${say(outcomes)}; late ones noted: ${of('late_outcome_noted')}`,
        `tools asked: ${say(starts)}; effects: ${say(landings)}`,
        `acknowledged: ${say(acknowledged)}; not accepted: ${say(refused)}`,
        `blocks: ${say(blocks)}; revived after poison: ${totals.revivals}`,
        `ends: ${say(ends)}`,
        `the last event of the file at the ${deaths.count} deaths:`,
        ...histogram(deaths.lastOfFile),
        'the last event of each session that the dead worker held:',
        ...histogram(deaths.lastOfHeld),
      ].join('\n'),
  }
}

/** What is wrong with a round, the last events of the sessions in question, and the line that repeats it. */
export function tell({ seed, violations, logs }: RoundResult): string {
  const lines = violations
    .slice(0, 20)
    .flatMap(({ check, sessionId, found }) => [`FAIL [${check}] ${sessionId}: ${found}`])
  const sessions = [...new Set(violations.flatMap(({ sessionId }) => (sessionId === '' ? [] : [sessionId])))].slice(
    0,
    3,
  )
  const ends = sessions.flatMap((sessionId) => [
    `the last events of ${sessionId}:`,
    ...(logs.get(sessionId) ?? [])
      .slice(-LAST_EVENTS)
      .map(({ seq, at, event }) => `  ${seq} @${at} ${JSON.stringify(event).slice(0, 300)}`),
  ])
  return [...lines, ...ends, `again: node --conditions=pawl-source test/kill/main.ts --only ${seed}`].join('\n')
}

function outcomesOf(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap(({ event }) => {
    if (event.type === 'call_settled') return [`settled ${event.settlement}`]
    return event.type === 'call_finished' ? [event.outcome.type] : []
  })
}

function parksOf(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap(({ event }) => (event.type === 'session_parked' ? [event.reason] : []))
}

function endOf(log: readonly LogEvent[]): string {
  const last = log.findLast(({ event }) => event.type === 'session_ended' || event.type === 'session_parked')?.event
  if (last?.type === 'session_ended') return last.reason
  return last?.type === 'session_parked' ? `blocked(${last.reason})` : 'none'
}

function ranked(counts: ReadonlyMap<string, number>): readonly [string, number][] {
  return [...counts].toSorted(([, left], [, right]) => right - left)
}

function say(counts: ReadonlyMap<string, number>): string {
  return (
    ranked(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(', ') || 'none'
  )
}

function histogram(counts: ReadonlyMap<string, number>): readonly string[] {
  const most = Math.max(1, ...counts.values())
  return ranked(counts).map(([word, count]) => {
    const bar = '#'.repeat(Math.max(1, Math.round((count / most) * BAR)))
    return `  ${word.padEnd(20)} ${String(count).padStart(5)} ${bar}`
  })
}
