import { usdOfCents } from './money.ts'
import type { World } from './open-world.ts'
import { member, number, type Row, text } from './row.ts'

const caseStatuses = ['open', 'refunded'] as const

export type RefundCase = {
  readonly caseId: string
  readonly accountId: string
  readonly chargeId: string
  readonly amountCents: number
  readonly amountUsd: number
  readonly reason: string
  readonly status: (typeof caseStatuses)[number]
  /** ISO 8601 in UTC. */
  readonly openedAt: string
}

const columns = 'case_number, account_id, charge_id, amount_cents, reason, status, opened_at_ms'

const selectByKey = `SELECT ${columns} FROM refund_cases WHERE idempotency_key = ?`

const selectByAccount = `SELECT ${columns} FROM refund_cases WHERE account_id = ? ORDER BY case_number`

const countAttempts = 'SELECT count(*) AS attempts FROM refund_attempts WHERE idempotency_key = ?'

/**
 * The case that was opened under this key, or null when none was. This answers for a refund that nobody heard
 * the end of: a case means that it took effect, null that it did not, once the process that began it is dead.
 */
export function findRefundCase(world: World, idempotencyKey: string): RefundCase | null {
  const row = world.database.prepare(selectByKey).get(idempotencyKey)
  return row === undefined ? null : parseCase(row)
}

/** All cases of an account, oldest first. */
export function refundCasesOf(world: World, accountId: string): readonly RefundCase[] {
  return world.database.prepare(selectByAccount).all(accountId).map(parseCase)
}

/** How often a refund was begun under this key, whether or not it came to a case. */
export function countRefundAttempts(world: World, idempotencyKey: string): number {
  return number(world.database.prepare(countAttempts).get(idempotencyKey) ?? {}, 'attempts')
}

/** The number that customers see: `RC-1002`. */
export function caseIdOf(caseNumber: number): string {
  return `RC-${caseNumber}`
}

function parseCase(row: Row): RefundCase {
  const amountCents = number(row, 'amount_cents')
  return {
    caseId: caseIdOf(number(row, 'case_number')),
    accountId: text(row, 'account_id'),
    chargeId: text(row, 'charge_id'),
    amountCents,
    amountUsd: usdOfCents(amountCents),
    reason: text(row, 'reason'),
    status: member(row, 'status', caseStatuses),
    openedAt: new Date(number(row, 'opened_at_ms')).toISOString(),
  }
}
