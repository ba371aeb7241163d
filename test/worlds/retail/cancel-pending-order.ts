import { entryOf } from '../json.ts'
import { addToGiftCard } from './payment-methods.ts'
import { pythonJson } from './python-json.ts'
import type { Order, Payment, RetailDb } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'
import { roundCents } from './round-cents.ts'

/** Cancels a pending order and refunds what each payment method has paid; gift cards get it at once. */
export const cancelPendingOrder: RetailTool = retailTool({
  name: 'cancel_pending_order',
  writes: true,
  fields: { order_id: 'text', reason: 'text' },
  run: (db, { order_id, reason }) => {
    const order = entryOf(db.orders, order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'pending') return 'Error: non-pending order cannot be cancelled'
    if (reason !== 'no longer needed' && reason !== 'ordered by mistake') return 'Error: invalid reason'
    return cancelled(db, order, reason)
  },
})

function cancelled(db: RetailDb, order: Order, reason: string): string {
  const refunds = refundsOf(order.payment_history)
  for (const { payment_method_id: methodId, amount } of refunds) {
    addToGiftCard(db, order.user_id, { methodId, amount })
  }
  const next: Order = {
    ...order,
    status: 'cancelled',
    payment_history: [...order.payment_history, ...refunds],
    cancel_reason: reason,
  }
  db.orders[order.order_id] = next
  return pythonJson(next)
}

/** One refund per method that has paid more than it got back. (Recorded cancellations have one payment each.) */
function refundsOf(history: readonly Payment[]): readonly Payment[] {
  const paid = new Map<string, number>()
  for (const { transaction_type, amount, payment_method_id } of history) {
    const sign = transaction_type === 'payment' ? 1 : -1
    paid.set(payment_method_id, roundCents((paid.get(payment_method_id) ?? 0) + sign * amount))
  }
  return [...paid]
    .filter(([, amount]) => amount > 0)
    .map(([payment_method_id, amount]) => ({ transaction_type: 'refund', amount, payment_method_id }))
}
