/** The US dollars of an amount in integer cents. */
export function usdOfCents(amountCents: number): number {
  return amountCents / 100
}

/**
 * The integer cents of an amount in US dollars, or null when it is not a positive, whole number of cents.
 * Amounts from a model are decimal numbers such as 19.99, which no binary fraction holds exactly; hence the
 * comparison with the nearest cent instead of a test for integers.
 */
export function centsOfUsd(amountUsd: number): number | null {
  const amountCents = Math.round(amountUsd * 100)
  const isWholeCents = Math.abs(amountUsd * 100 - amountCents) < 1e-6
  return isWholeCents && amountCents > 0 && Number.isSafeInteger(amountCents) ? amountCents : null
}
