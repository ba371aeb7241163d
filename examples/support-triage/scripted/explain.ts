/** Sentences of the scripted model about charges that are no duplicate. */
import type { ShownAccount, ShownCharge } from './read-conversation.ts'

type Account = Extract<ShownAccount, { readonly type: 'account_found' }>

/** Why it looks like a double charge, and which words find the page that explains it. */
export type Explanation = { readonly sentence: string; readonly query: string }

/** The first of these that the charges show: a refund that was made, a hold, a second try, two purchases, nothing at all. */
export function explain({ charges }: Account): Explanation {
  const pairs = charges.flatMap((later) => charges.flatMap((earlier) => pairOf(earlier, later) ?? []))
  const invoice = pairs.filter(([earlier, later]) => earlier.invoiceId === later.invoiceId)
  const refunded = invoice.flat().find(({ status }) => status === 'refunded')
  if (refunded !== undefined) return alreadyRefunded(refunded)
  const held = invoice.flat().find(({ status }) => status === 'authorized')
  if (held !== undefined) return hold(held)
  const purchases = pairs.find(([earlier, later]) => earlier.invoiceId !== later.invoiceId && isSameDay(earlier, later))
  if (purchases !== undefined) return twoPurchases(purchases)
  return {
    sentence: 'I looked at the charges of the last 90 days, and none of them was made twice.',
    query: 'charge that I do not recognize',
  }
}

type Pair = readonly [earlier: ShownCharge, later: ShownCharge]

function pairOf(earlier: ShownCharge, later: ShownCharge): readonly [Pair] | null {
  const isPair = earlier.chargedAt < later.chargedAt && earlier.amountUsd === later.amountUsd
  return isPair ? [[earlier, later]] : null
}

function isSameDay(left: ShownCharge, right: ShownCharge): boolean {
  return left.chargedAt.slice(0, 10) === right.chargedAt.slice(0, 10)
}

function alreadyRefunded({ invoiceId, amountUsd, refundCaseId }: ShownCharge): Explanation {
  const underCase = refundCaseId === null ? '' : ` under case ${refundCaseId}`
  return {
    sentence: `The second charge of ${usd(amountUsd)} for ${invoiceId} has been refunded already${underCase}.`,
    query: 'how long does a refund take',
  }
}

function hold({ invoiceId, amountUsd }: ShownCharge): Explanation {
  const told = `One of the two lines of ${usd(amountUsd)} for ${invoiceId} is an authorization hold`
  return {
    sentence: `${told}: your bank shows it as pending, the money was never collected, and there is nothing to refund.`,
    query: 'authorization hold goes away',
  }
}

function twoPurchases([earlier, later]: Pair): Explanation {
  const invoices = `${earlier.invoiceId} (${earlier.description}) and ${later.invoiceId} (${later.description})`
  return {
    sentence: `The two charges of ${usd(later.amountUsd)} belong to two purchases of one day, ${invoices}.`,
    query: 'equal amounts different invoice numbers seats',
  }
}

export function usd(amountUsd: number): string {
  return `${amountUsd.toFixed(2)} USD`
}
