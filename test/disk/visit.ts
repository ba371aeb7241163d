/** A customer who writes, and a billing lead who approves: they try again when the store has no room, and remember what they were told. */
import { setTimeout as delay } from 'node:timers/promises'
import type { EventKind } from 'pawl/core'
import type { Head } from 'pawl/ports'
import { type Desk, isTyped } from './desk.ts'

export type Visit = { readonly sessionId: string; readonly message: string; readonly isCancelled: boolean }

/** Something that the runtime said yes to: the event at this place. */
export type Acknowledged = { readonly sessionId: string; readonly kind: EventKind; readonly seq: number }

export interface Notes {
  readonly acknowledged: Acknowledged[]
  /** What people were thrown that is no typed refusal. */
  readonly surprises: string[]
}

/** Of what a person waits for, in milliseconds. */
const LOOK_MS = 5
/** A visit that takes longer than this does not come to its end. */
const MOST_MS = 20_000

/** Comes to an end when the session has ended; says what stands in the way where it does not. */
export async function makeVisit(desk: Desk, visit: Visit, notes: Notes): Promise<string | null> {
  const { sessionId, message } = visit
  const until = performance.now() + MOST_MS
  await insist(notes, until, () =>
    desk.runtime.start('support-triage', { message, sessionId, commandId: sessionId, requester: customer }),
  )
  notes.acknowledged.push({ sessionId, kind: 'session_started', seq: 1 })
  for (;;) {
    const head = await insist(notes, until, () => desk.store.head(refOf(visit)))
    if (head !== null && head.gate !== 'open') return null
    if (head?.status === 'blocked(approval)') await insist(notes, until, () => approve(desk, head, notes))
    if (performance.now() > until) return `${sessionId} is ${head?.status} at ${head?.version} after ${MOST_MS} ms`
    await delay(LOOK_MS)
  }
}

/** Null where there is no session to cancel; what the person was told, otherwise. */
export async function cancel(
  desk: Desk,
  visit: Visit,
  { notes, reason }: { readonly notes: Notes; readonly reason?: string },
): Promise<Acknowledged | 'refused' | null> {
  const { sessionId } = visit
  const head = await desk.store.head(refOf(visit))
  if (head === null) return null
  const sent = await desk.runtime.send(
    { sessionId },
    { type: 'cancel', by: 'the operator', ...(reason !== undefined && { reason }) },
  )
  if (sent.type === 'refused') return 'refused'
  const acknowledged: Acknowledged = { sessionId, kind: 'cancel_requested', seq: sent.seq }
  notes.acknowledged.push(acknowledged)
  return acknowledged
}

export function refOf({ sessionId }: { readonly sessionId: string }) {
  return { tenant: 'default', sessionId }
}

const customer = { type: 'user', id: 'customer@example.com' } as const

async function approve(desk: Desk, { sessionId }: Head, notes: Notes): Promise<void> {
  const [open] = await desk.store.approvals({ tenant: 'default', sessionId, limit: 1 })
  if (open === undefined) return
  const sent = await desk.runtime.approvals.approve({ sessionId, approvalId: open.approvalId }, 'lead@example.com')
  // Refused: it was cancelled, or answered, a moment before.
  if (sent.type === 'accepted') notes.acknowledged.push({ sessionId, kind: 'approval_voted', seq: sent.seq })
}

async function insist<Answer>(notes: Notes, until: number, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (problem) {
      if (!isTyped(problem)) notes.surprises.push(String(problem))
      if (!isTyped(problem) || performance.now() > until) throw problem
    }
    await delay(LOOK_MS)
  }
}
