import { entryOf } from '../json.ts'
import { addToGiftCard, isShortOf, paymentMethodOf } from './payment-methods.ts'
import { pythonJson } from './python-json.ts'
import type { Order } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** Moves the one payment of a pending order to another payment method: a payment by the new, a refund to the old. */
export const modifyPendingOrderPayment: RetailTool = retailTool({
  name: 'modify_pending_order_payment',
  writes: true,
  fields: { order_id: 'text', payment_method_id: 'text' },
  run: (db, { order_id, payment_method_id }) => {
    const order = entryOf(db.orders, order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'pending') return 'Error: non-pending order cannot be modified'
    const method = paymentMethodOf(db, order, payment_method_id)
    if (method === undefined) return 'Error: payment method not found'
    const [original, ...later] = order.payment_history
    if (original?.transaction_type !== 'payment' || later.length > 0) {
      return 'Error: there should be exactly one payment for a pending order'
    }
    if (original.payment_method_id === payment_method_id) {
      return 'Error: the new payment method should be different from the current one'
    }
    const { amount } = original
    if (isShortOf(method, amount)) return 'Error: insufficient gift card balance to pay for the order'
    addToGiftCard(db, order.user_id, { methodId: payment_method_id, amount: -amount })
    addToGiftCard(db, order.user_id, { methodId: original.payment_method_id, amount })
    const next: Order = {
      ...order,
      payment_history: [
        original,
        { transaction_type: 'payment', amount, payment_method_id },
        { transaction_type: 'refund', amount, payment_method_id: original.payment_method_id },
      ],
    }
    db.orders[order_id] = next
    return pythonJson(next)
  },
})
