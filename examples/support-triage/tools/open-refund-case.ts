import { setTimeout as delay } from 'node:timers/promises'
import { centsOfUsd, usdOfCents } from '../world/money.ts'
import { inTransaction, type World } from '../world/open-world.ts'
import { findRefundCase, type RefundCase } from '../world/refund-cases.ts'
import { number, type Row, text, textOrNull } from '../world/row.ts'
import { RefundRefused } from './refund-refused.ts'

export type OpenRefundCaseInput = {
  readonly accountId: string
  /** The charge to give back; of a duplicate, the later one. */
  readonly chargeId: string
  /** In US dollars, a positive whole number of cents, at most the amount of the charge. */
  readonly amountUsd: number
  /** One sentence for the customer's file. */
  readonly reason: string
}

/** What a call that writes is given beside its input. */
export type WriteCall = {
  /** Names the effect: a second call with the same key finds the first one's row and writes none. */
  readonly idempotencyKey: string
  readonly signal?: AbortSignal | undefined
}

type Refund = Omit<OpenRefundCaseInput, 'amountUsd'> & { readonly amountCents: number }

const insertAttempt = 'INSERT INTO refund_attempts (idempotency_key, begun_at_ms) VALUES (?, ?)'

const insertCase = `INSERT INTO refund_cases
  (idempotency_key, account_id, charge_id, amount_cents, reason, status, opened_at_ms)
  VALUES (?, ?, ?, ?, ?, 'open', ?)`

const selectCharge = `SELECT charges.amount_cents, charges.status, refund_cases.idempotency_key
  FROM charges LEFT JOIN refund_cases USING (charge_id)
  WHERE charge_id = ? AND charges.account_id = ?`

/**
 * Opens a refund case for one charge, and answers with it. One case per key and one per charge; whether a person
 * must agree first is the agent's policy, not this function's.
 *
 * Throws `RefundRefused`, or the signal's reason, only while nothing is written. Once the case is committed an
 * abort merely shortens the pause: the case is there, and the truthful answer is to say so.
 */
export async function openRefundCase(world: World, input: OpenRefundCaseInput, call: WriteCall): Promise<RefundCase> {
  call.signal?.throwIfAborted()
  world.database.prepare(insertAttempt).run(call.idempotencyKey, world.now())
  await delay(world.refundPause.beforeWriteMs, undefined, { signal: call.signal })
  const opened = inTransaction(world.database, () => findOrOpen(world, input, call.idempotencyKey))
  await delay(world.refundPause.afterWriteMs, undefined, { signal: call.signal }).catch(() => undefined)
  return opened
}

function findOrOpen(world: World, input: OpenRefundCaseInput, idempotencyKey: string): RefundCase {
  const refund = parseRefund(input)
  const earlier = findRefundCase(world, idempotencyKey)
  if (earlier !== null) return sameRefund(earlier, refund, idempotencyKey)
  checkCharge(world, refund)
  const { accountId, chargeId, amountCents, reason } = refund
  const openedAtMs = world.now()
  world.database.prepare(insertCase).run(idempotencyKey, accountId, chargeId, amountCents, reason, openedAtMs)
  const opened = findRefundCase(world, idempotencyKey)
  if (opened === null) throw new Error('The case that was just written cannot be read')
  return opened
}

function parseRefund({ amountUsd, ...rest }: OpenRefundCaseInput): Refund {
  const amountCents = centsOfUsd(amountUsd)
  if (amountCents !== null) return { ...rest, amountCents }
  const expected = 'Expected amountUsd to be a positive whole number of cents, such as 19.99'
  throw new RefundRefused('invalid_amount', `${expected}; found ${amountUsd}.`)
}

function sameRefund(earlier: RefundCase, refund: Refund, idempotencyKey: string): RefundCase {
  if (earlier.chargeId === refund.chargeId && earlier.amountCents === refund.amountCents) return earlier
  const told = `Key ${idempotencyKey} opened ${earlier.caseId} for ${earlier.chargeId}`
  throw new RefundRefused('key_reused', `${told}, not for ${refund.chargeId}. Use a new key for a new refund.`)
}

function checkCharge(world: World, { accountId, chargeId, amountCents }: Refund): void {
  const row: Row | undefined = world.database.prepare(selectCharge).get(chargeId, accountId)
  if (row === undefined) {
    const told = `Account ${accountId} has no charge ${chargeId}`
    throw new RefundRefused('unknown_charge', `${told}. Look the account up and use a charge of its list.`)
  }
  if (textOrNull(row, 'idempotency_key') !== null) {
    const told = `Charge ${chargeId} has a refund case already`
    throw new RefundRefused('charge_has_case', `${told}. Tell the customer its number.`)
  }
  const status = text(row, 'status')
  if (status !== 'settled') {
    const told = `Expected charge ${chargeId} to have settled, found it ${status}`
    throw new RefundRefused('charge_not_settled', `${told}. Only collected money can be returned.`)
  }
  const chargedCents = number(row, 'amount_cents')
  if (amountCents > chargedCents) {
    const told = `Expected at most the ${usdOfCents(chargedCents).toFixed(2)} USD of charge ${chargeId}`
    throw new RefundRefused('amount_exceeds_charge', `${told}, found ${usdOfCents(amountCents).toFixed(2)}.`)
  }
}
