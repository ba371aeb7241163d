import type { World } from '../world/open-world.ts'
import { isAccountVerified } from './lookup-billing-account.ts'

/** The largest refund, in US dollars, that needs no person (docs/refund-policy.md). */
export const maxUnattendedRefundUsd = 250

/**
 * Whether a person must agree to this refund: above 250 USD, or to an account that is not verified. An unknown
 * account and an amount that is no number need a person too.
 */
export function refundNeedsPerson(
  world: World,
  refund: { readonly accountId: string; readonly amountUsd: number },
): boolean {
  const isWithinLimit = refund.amountUsd <= maxUnattendedRefundUsd
  return !(isWithinLimit && isAccountVerified(world, refund.accountId))
}
