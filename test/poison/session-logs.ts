/** What must hold of every log that poison has passed through. */
import canonicalize from 'canonicalize'
import { encodeState, fold, type LogEvent } from '../../src/core/index.ts'
import type { SessionRef, StoredEvent } from '../../src/ports/index.ts'
import { decodeEvent, encodeEvent } from '../../src/runtime/encode.ts'
import { verifyChain } from '../../src/stores/chain.ts'
import type { Complaint } from './border-case.ts'
import { badIn, responseComplaint } from './response-rules.ts'
import type { World } from './session-world.ts'

const MAX_EVENT_BYTES = 1_048_576

export type Logs = { readonly complaint: Complaint; readonly events: number; readonly lines: readonly string[] }

export async function logsOf(world: World): Promise<Logs> {
  const lines: string[] = []
  let events = 0
  let complaint: Complaint = null
  const heads = await world.store.sessions({ tenant: 'default', limit: 100 })
  for (const { tenant, sessionId, version, hash, status } of heads) {
    const ref = { tenant, sessionId }
    const stored = await world.store.read(ref, 0, 100_000)
    events += stored.length
    lines.push(
      `${sessionId} ${status} ${version} ${hash}`,
      ...stored.map(({ seq, at, kind, body }) => `${seq} ${at} ${kind} ${body}`),
    )
    complaint ??= logComplaint(world, ref, { stored, head: { version, hash } })
  }
  return { complaint, events, lines }
}

type Log = {
  readonly stored: readonly StoredEvent[]
  readonly head: { readonly version: number; readonly hash: string }
}

function logComplaint(world: World, ref: SessionRef, { stored, head }: Log): Complaint {
  const chain = verifyChain(ref, stored, { head })
  if (chain.type === 'broken') return `the chain of ${ref.sessionId} breaks at ${chain.seq}: ${chain.reason}`
  for (const event of stored) {
    const complaint = bodyComplaint(ref, event)
    if (complaint !== null) return `event ${event.seq} (${event.kind}): ${complaint}`
  }
  const log = stored.map((event) => decodeEvent(ref, event))
  return foldComplaint(world, ref, log) ?? idsComplaint(log)
}

function bodyComplaint(ref: SessionRef, stored: StoredEvent): Complaint {
  const body = stored.body ?? ''
  if (Buffer.byteLength(body) > MAX_EVENT_BYTES) return `${Buffer.byteLength(body)} bytes`
  const value = JSON.parse(body)
  if (canonicalize(value) !== body) return 'no canonical JSON'
  const bad = badIn(value)
  if (bad !== null) return bad
  const { event } = decodeEvent(ref, stored)
  if (encodeEvent(event).body !== body) return 'other bytes when it is written again'
  return event.type === 'model_responded' ? responseComplaint(event.response, body, MAX_EVENT_BYTES) : null
}

/** What was driven is what the log adds up to. */
function foldComplaint(world: World, { tenant, sessionId }: SessionRef, log: readonly LogEvent[]): Complaint {
  const known = world.committed.get(sessionId)
  if (known === undefined) return null
  const folded = fold(tenant, sessionId, log.slice(0, known.seq))
  const { ledger } = folded
  const isSane = Object.values(ledger).every((count) => Number.isSafeInteger(count) && count >= 0)
  if (!isSane) return `the ledger says ${JSON.stringify(ledger)}`
  // Members may stand in another order: what is driven was not read from a log.
  const sorted = (text: string) => canonicalize(JSON.parse(text))
  return sorted(encodeState(folded)) === sorted(known.text)
    ? null
    : 'the log adds up to another state than the one that was driven'
}

/** Call ids are ours, each given once. */
function idsComplaint(log: readonly LogEvent[]): Complaint {
  const seen = new Set<string>()
  for (const { event } of log) {
    if (event.type !== 'decision_recorded') continue
    for (const callId of event.callIds) {
      if (!/^c\d+$/.test(callId) || seen.has(callId)) return `the call id ${callId} is not ours, or was given twice`
      seen.add(callId)
    }
  }
  return null
}
