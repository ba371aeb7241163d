/** A flag that says how many, or which: a whole number from 1. @throws RangeError: a proof that ran nothing would prove nothing. */
export function wholeNumberOf(flag: string, given: string): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || !Number.isSafeInteger(number) || number < 1)
    throw new RangeError(`expected --${flag} to be a whole number from 1, found "${given}"`)
  return number
}
