/** A round with something wrong, for people. */
import type { RoundResult } from './round.ts'

const LAST_EVENTS = 12
const MAX_LINES = 20
const MAX_SESSIONS = 3

/** What is wrong with it, the last events of the sessions in question, and the line that repeats it. */
export function tell({ seed, violations, logs }: RoundResult): string {
  const lines = violations
    .slice(0, MAX_LINES)
    .map(({ check, sessionId, found }) => `[${check}] ${sessionId}: ${found.slice(0, 2_000)}`)
  const named = new Set(violations.flatMap(({ sessionId }) => (sessionId === '' ? [] : [sessionId])))
  const ends = [...named]
    .slice(0, MAX_SESSIONS)
    .flatMap((sessionId) => [
      `the last events of ${sessionId}:`,
      ...(logs.get(sessionId) ?? [])
        .slice(-LAST_EVENTS)
        .map(({ seq, at, event }) => `  ${seq} @${at} ${JSON.stringify(event).slice(0, 200)}`),
    ])
  return [...lines, ...ends, `again: npm run prove -- kill --only ${seed}`].join('\n')
}
