/** What rounds came to, for people. */
import type { LogEvent } from 'pawl/core'
import { add, type Deaths } from './deaths.ts'
import { toolKinds } from './errand.ts'
import type { RoundResult } from './round.ts'

const BAR = 30
const LAST_EVENTS = 12

/** The counts of all rounds, and what stood last in the log at the deaths. */
export function report(results: readonly RoundResult[], deaths: Deaths): string {
  const logs = results.flatMap((result) => [...result.logs.values()])
  const events = logs.flat()
  const kinds = tally(events.map(({ event }) => event.type))
  const of = (kind: string): number => kinds.get(kind) ?? 0
  const acknowledged = tally(results.flatMap(({ notes }) => notes.acknowledged.map(({ kind }) => kind)))
  const refused = new Map<string, number>()
  for (const { notes } of results) for (const [code, count] of notes.refused) add(refused, code, count)
  const starts = tally(results.flatMap(({ entries }) => entries.starts.map(({ tool }) => toolKinds[tool])))
  const landings = tally(
    results.flatMap(({ entries }) => entries.landings.map(({ tool }) => toolKinds[tool])),
  )
  const revivals = results.reduce((sum, { notes }) => sum + notes.revivals.length, 0)
  return [
    `${results.length} rounds, ${deaths.count} kills, ${logs.length} sessions, ${events.length} events`,
    `calls: ${of('call_started')} attempts, ${of('call_lost')} lost; models: ${of('model_started')} attempts, ${of('model_lost')} lost`,
    `outcomes: ${say(tally(outcomesOf(events)))}`,
    `tools asked: ${say(starts)}; effects: ${say(landings)}; late outcomes: ${of('late_outcome_noted')}`,
    `acknowledged: ${say(acknowledged)}`,
    `not accepted: ${say(refused)}`,
    `blocks: ${say(tally(parksOf(events)))}; revived after poison: ${revivals}`,
    `ends: ${say(tally(endsOf(logs)))}`,
    `the last event of the file at the ${deaths.count} deaths:`,
    ...histogram(deaths.lastOfFile),
    'the last event of each session that the dead worker held:',
    ...histogram(deaths.lastOfHeld),
  ].join('\n')
}

/** What is wrong with a round, the last events of the sessions in question, and the line that repeats it. */
export function tell({ seed, violations, logs }: RoundResult): string {
  const lines = violations
    .slice(0, 20)
    .flatMap(({ check, sessionId, found }) => [`FAIL [${check}] ${sessionId}: ${found}`])
  const sessions = [
    ...new Set(violations.flatMap(({ sessionId }) => (sessionId === '' ? [] : [sessionId]))),
  ].slice(0, 3)
  const ends = sessions.flatMap((sessionId) => [
    `the last events of ${sessionId}:`,
    ...(logs.get(sessionId) ?? [])
      .slice(-LAST_EVENTS)
      .map(({ seq, at, event }) => `  ${seq} @${at} ${JSON.stringify(event).slice(0, 300)}`),
  ])
  return [...lines, ...ends, `again: node --conditions=pawl-source test/kill/main.ts --only ${seed}`].join(
    '\n',
  )
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

function endsOf(logs: readonly (readonly LogEvent[])[]): readonly string[] {
  return logs.map((log) => {
    const last = log.findLast(
      ({ event }) => event.type === 'session_ended' || event.type === 'session_parked',
    )?.event
    if (last?.type === 'session_ended') return last.reason
    return last?.type === 'session_parked' ? `blocked(${last.reason})` : 'none'
  })
}

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) add(counts, word)
  return counts
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
