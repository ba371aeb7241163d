/** A flag that says how many, or which: a whole number from 1, or `least`. @throws RangeError: a proof that ran nothing would prove nothing. */
export function wholeNumberOf(flag: string, given: string, least: 0 | 1 = 1): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(number) || number < least)
    throw new RangeError(`expected --${flag} to be a whole number from ${least}, found "${given}"`)
  return number
}
