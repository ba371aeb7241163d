/** The charges of a month: far more than a prompt has room for. The same rows whenever they are asked for. */
export type Charge = {
  readonly chargeId: string
  readonly customer: string
  readonly usd: number
  readonly day: number
  readonly memo: string
}

const memos = ['subscription', 'seat added', 'storage', 'support plan', 'overage']

/** 3,000 rows, about 270 KB as JSON. Two customers were charged twice on one day for the same thing. */
export function chargesOf(month: string): readonly Charge[] {
  return Array.from({ length: 3_000 }, (_, row) => chargeOf(month, row))
}

function chargeOf(month: string, row: number): Charge {
  const chargeId = `ch_${month.replace('-', '')}_${String(row).padStart(4, '0')}`
  const twin = twins.get(row) ?? row
  const memo = memos[twin % memos.length] ?? ''
  return { chargeId, customer: `cust_${twin % 977}`, usd: 5 + ((twin * 7) % 90), day: 1 + (twin % 28), memo }
}

/** Rows that repeat an earlier one. */
const twins: ReadonlyMap<number, number> = new Map([
  [1_204, 1_203],
  [2_751, 2_749],
])

export type Duplicate = { readonly customer: string; readonly chargeIds: readonly string[]; readonly usd: number }

/** The same customer, day, amount and memo. */
export function duplicatesIn(charges: readonly Charge[]): readonly Duplicate[] {
  const byContent = new Map<string, Charge[]>()
  for (const charge of charges) {
    const { customer, usd, day, memo } = charge
    const content = JSON.stringify([customer, usd, day, memo])
    byContent.set(content, [...(byContent.get(content) ?? []), charge])
  }
  return [...byContent.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined || same.length < 2) return []
    return [{ customer: first.customer, usd: first.usd, chargeIds: same.map(({ chargeId }) => chargeId) }]
  })
}
