import { inTransaction, type World } from '../world/open-world.ts'
import { member, number, type Row } from '../world/row.ts'
import type { WriteCall } from './open-refund-case.ts'

export const urgencies = ['low', 'normal', 'high'] as const
export type Urgency = (typeof urgencies)[number]

export type EscalateToHumanInput = {
  /** Left out, or unknown to us, when the customer could not be identified: a person sorts it out. */
  readonly accountId?: string | undefined
  /** What the customer wants and what was found, for the person who takes over. */
  readonly summary: string
  readonly urgency: Urgency
}

export type Escalation = {
  readonly ticketId: string
  readonly urgency: Urgency
  /** Hours of business days within which a person answers (docs/contact-billing-support.md). */
  readonly answerWithinHours: number
}

const insertEscalation = `INSERT INTO escalations
  (idempotency_key, account_id, summary, urgency, opened_at_ms) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (idempotency_key) DO NOTHING`

const selectEscalation = 'SELECT ticket_number, urgency FROM escalations WHERE idempotency_key = ?'

const answerWithinHours: Readonly<Record<Urgency, number>> = { high: 4, normal: 24, low: 72 }

/** Puts the matter before a person. One ticket per key: a repeat answers with the first one's ticket. */
export function escalateToHuman(
  world: World,
  { accountId, summary, urgency }: EscalateToHumanInput,
  { idempotencyKey, signal }: WriteCall,
): Escalation {
  signal?.throwIfAborted()
  const row = inTransaction(world.database, () => {
    const insert = world.database.prepare(insertEscalation)
    insert.run(idempotencyKey, accountId ?? null, summary, urgency, world.now())
    return world.database.prepare(selectEscalation).get(idempotencyKey) ?? {}
  })
  return parseEscalation(row)
}

function parseEscalation(row: Row): Escalation {
  const urgency = member(row, 'urgency', urgencies)
  const ticketId = `HT-${number(row, 'ticket_number')}`
  return { ticketId, urgency, answerWithinHours: answerWithinHours[urgency] }
}
