/**
 * Dollars rounded to whole cents as Python's `round(amount, 2)` does it: to the cent nearest to the double's exact
 * value, and where two are equally near, to the even one. Only odd eighths of a dollar are such ties.
 */
export function roundCents(amount: number): number {
  const eighths = amount * 8
  const isTie = Number.isInteger(eighths) && eighths % 2 !== 0
  return isTie ? evenCents(amount) : Number(amount.toFixed(2))
}

function evenCents(tie: number): number {
  const whole = Math.floor(Math.abs(tie))
  const below = Math.floor((Math.abs(tie) - whole) * 100)
  const cents = below % 2 === 0 ? below : below + 1
  return Math.sign(tie) * Number(`${whole}.${cents}`)
}
