/** The ledger against the logs: what happened outside, and what the runtime says of it. */
import type { EventOf, LogEvent } from 'pawl/core'
import { isUnsafe, toolKinds } from './errand.ts'
import type { Entries, LandingRow, StartRow } from './ledger-client.ts'
import type { CheckName, Violation } from './violation.ts'

export function checkEffects(
  sessionId: string,
  log: readonly LogEvent[],
  { starts, landings }: Entries,
): readonly Violation[] {
  const intents = new Set(log.flatMap(({ event }) => (event.type === 'call_started' ? [placeOf(event)] : [])))
  const wrong = (check: CheckName, found: string): Violation => ({ check, sessionId, found })
  return [
    ...countedBy(starts, placeOf).flatMap(([place, rows]) => [
      ...(intents.has(place) ? [] : [wrong('intent', `${place} began without an intent in the log`)]),
      ...(rows.length > 1 ? [wrong(startCheck(rows), `${place} (${rows[0]?.tool}) began ${rows.length} times`)] : []),
    ]),
    ...countedBy(landings.filter(isIdempotent), ({ callId }) => callId).flatMap(([callId, rows]) =>
      rows.length > 1
        ? [
            wrong(
              'lands_once',
              `${callId} (tag_ticket) landed ${rows.length} times, in attempts ${rows.map(({ attempt }) => attempt)}`,
            ),
          ]
        : [],
    ),
    ...log
      .flatMap(({ event }) => (event.type === 'call_finished' ? checkOutcome(event, starts, landings) : []))
      .map((found) => wrong('truth', found)),
  ]
}

function startCheck([row]: readonly StartRow[]): CheckName {
  return row !== undefined && isUnsafe(row.tool) ? 'starts_once' : 'intent'
}

/** `ok` has landed, "took no effect" has not. A blocked call has not even begun. */
function checkOutcome(
  event: EventOf<'call_finished'>,
  starts: readonly StartRow[],
  landings: readonly LandingRow[],
): readonly string[] {
  const { callId, attempt, outcome, tookEffect } = event
  const place = placeOf(event)
  const began = starts.find((row) => placeOf(row) === place)
  const hasLanded = landings.some((row) => row.callId === callId && (row.attempt === attempt || isIdempotent(row)))
  if (outcome.type === 'blocked' && began !== undefined) return [`${place} is blocked (${outcome.reason}), and began`]
  if (outcome.type === 'ok' && began === undefined) return [`${place} is ok, and never began`]
  if (outcome.type === 'ok' && began !== undefined && toolKinds[began.tool] !== 'read' && !hasLanded)
    return [`${place} is ok, and never landed`]
  const hasLandedNow = landings.some((row) => placeOf(row) === place)
  return tookEffect === false && hasLandedNow
    ? [`${place} (${outcome.type}) is said to have taken no effect, and landed`]
    : []
}

function isIdempotent({ tool }: LandingRow): boolean {
  return toolKinds[tool] === 'idempotent'
}

function placeOf({ callId, attempt }: { readonly callId: string; readonly attempt: number }): string {
  return `${callId}/${attempt}`
}

function countedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly [string, readonly Row[]][] {
  return [...Map.groupBy(rows, keyOf)]
}
