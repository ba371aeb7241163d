/** What must hold when a round is over, whatever had no room. */

import { fold, type LogEvent } from 'pawl/core'
import { verifySession } from '../../src/cli/verify-log.ts'
import { decodeEvent } from '../../src/runtime/index.ts'
import { describe } from '../../src/runtime/result.ts'
import type { Desk } from './desk.ts'
import { type Acknowledged, type Notes, refOf, type Visit } from './visit.ts'

export type CheckName =
  /** A cancel is recorded while there is no room, and another process reads it. */
  | 'cancel'
  /** Nothing but typed refusals, to people and to whoever runs the worker; no rejection that nobody handles. */
  | 'typed'
  /** What was acknowledged stands in the log. */
  | 'acknowledged'
  /** An effect outside has its intent in the log, and begins at most once. */
  | 'effects'
  /** The session comes to its end: the one of a round without the fault, or `cancelled`. */
  | 'end'
  /** The hash chain holds. */
  | 'chain'

export type Finding = { readonly check: CheckName; readonly found: string }

/**
 * What a session came to, without the numbers that depend on what else the world holds, and without turns: where the machine is so
 * busy that a tool runs out of time, the model asks once more.
 */
export function endOf(sessionId: string, log: readonly LogEvent[]): string {
  const { status, text, ending, unresolved } = describe(fold('default', sessionId, log))
  return JSON.stringify({ status, text, ending, unresolved }).replaceAll(/RC-\d+/g, 'RC')
}

export async function readLog(desk: Desk, visit: Visit): Promise<readonly LogEvent[]> {
  const ref = refOf(visit)
  return (await desk.store.read(ref, 0, 10_000)).map((stored) => decodeEvent(ref, stored))
}

export async function checkVisit(
  desk: Desk,
  visit: Visit,
  expected: { readonly end: string; readonly cancelled: Acknowledged | null },
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const log = await readLog(desk, visit)
  const end = endOf(visit.sessionId, log)
  const { cancelled } = expected
  if (cancelled === null && end !== expected.end)
    findings.push({ check: 'end', found: `expected ${expected.end}, found ${end}` })
  if (cancelled !== null && !end.startsWith('{"status":{"type":"cancelled"'))
    findings.push({ check: 'end', found: `expected cancelled, found ${end}` })
  const late = log.find(({ seq, event }) => cancelled !== null && seq > cancelled.seq && isIntent(event.type))
  if (late !== undefined) findings.push({ check: 'cancel', found: `${late.event.type} at ${late.seq} after it` })
  const head = await desk.store.head(refOf(visit))
  const check = head === null ? null : (await verifySession(desk.store, head)).check
  if (check?.type !== 'holds') findings.push({ check: 'chain', found: JSON.stringify(check) })
  return findings
}

export async function checkAcknowledged(desk: Desk, { acknowledged }: Notes): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { sessionId, kind, seq } of acknowledged) {
    const [stored] = await desk.store.read(refOf({ sessionId }), seq - 1, 1)
    if (stored?.kind !== kind)
      findings.push({ check: 'acknowledged', found: `${kind} at ${seq}: there is ${stored?.kind}` })
  }
  return findings
}

/** The world is asked, not the log: each beginning of a refund is a row of its own. */
export async function checkEffects(desk: Desk, visits: readonly Visit[]): Promise<readonly Finding[]> {
  const started = new Set<string>()
  for (const visit of visits)
    for (const { event } of await readLog(desk, visit))
      if (event.type === 'call_started') started.add(`${visit.sessionId}/${event.callId}`)
  const select = 'SELECT idempotency_key AS key, count(*) AS times FROM refund_attempts GROUP BY idempotency_key'
  return desk.world.database
    .prepare(select)
    .all()
    .flatMap(({ key, times }): readonly Finding[] => {
      if (Number(times) > 1) return [{ check: 'effects', found: `${key} began ${times} times` }]
      return started.has(String(key)) ? [] : [{ check: 'effects', found: `${key} has no intent in the log` }]
    })
}

function isIntent(kind: LogEvent['event']['type']): boolean {
  return kind === 'call_started' || kind === 'model_started'
}
