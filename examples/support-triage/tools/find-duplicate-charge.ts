import { usdOfCents } from '../world/money.ts'
import type { ChargeStatus } from '../world/sample.ts'

export type Charge = {
  readonly chargeId: string
  readonly invoiceId: string
  readonly description: string
  readonly amountCents: number
  readonly amountUsd: number
  readonly status: ChargeStatus
  /** When the charge was made, ISO 8601 in UTC. */
  readonly chargedAt: string
  /** The refund case about this charge, or null. */
  readonly refundCaseId: string | null
}

export type DuplicateCharge = {
  readonly invoiceId: string
  /** The charge that pays the invoice, then the one that was made by mistake. */
  readonly chargeIds: readonly [string, string]
  /** The later of the two: the one to refund. */
  readonly refundableChargeId: string
  readonly amountCents: number
  readonly amountUsd: number
}

/**
 * The newest duplicate among `charges`, which are ordered from old to new, or null. Two charges are a duplicate
 * when both have settled, name the same invoice and have the same amount (docs/duplicate-charges.md). Holds,
 * failed and refunded payments do not count, nor does a charge that has a refund case.
 */
export function findDuplicateCharge(charges: readonly Charge[]): DuplicateCharge | null {
  const counted = charges.filter((charge) => charge.status === 'settled' && charge.refundCaseId === null)
  for (const later of counted.toReversed()) {
    const earlier = counted.find((charge) => charge !== later && paysTheSame(charge, later))
    if (earlier !== undefined) return duplicateOf(earlier, later)
  }
  return null
}

function paysTheSame(left: Charge, right: Charge): boolean {
  return left.invoiceId === right.invoiceId && left.amountCents === right.amountCents
}

function duplicateOf(earlier: Charge, later: Charge): DuplicateCharge {
  return {
    invoiceId: later.invoiceId,
    chargeIds: [earlier.chargeId, later.chargeId],
    refundableChargeId: later.chargeId,
    amountCents: later.amountCents,
    amountUsd: usdOfCents(later.amountCents),
  }
}
