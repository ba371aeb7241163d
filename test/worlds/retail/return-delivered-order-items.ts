import { entryOf } from '../json.ts'
import { placesOf } from './item-swaps.ts'
import { paymentMethodOf } from './payment-methods.ts'
import { pythonJson } from './python-json.ts'
import type { Order } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** Requests the return of items of a delivered order; the refund goes to the original payment method or a gift card. */
export const returnDeliveredOrderItems: RetailTool = retailTool({
  name: 'return_delivered_order_items',
  writes: true,
  fields: { order_id: 'text', item_ids: 'texts', payment_method_id: 'text' },
  run: (db, { order_id, item_ids, payment_method_id }) => {
    const order = entryOf(db.orders, order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'delivered') return 'Error: non-delivered order cannot be returned'
    const method = paymentMethodOf(db, order, payment_method_id)
    if (method === undefined) return 'Error: payment method not found'
    const isOriginal = order.payment_history[0]?.payment_method_id === payment_method_id
    if (!isOriginal && method.source !== 'gift_card') {
      return 'Error: payment method should be either the original payment method or a gift card'
    }
    const { missingItemId } = placesOf(order, item_ids)
    if (missingItemId !== undefined) return `Error: ${missingItemId} not found`
    const next: Order = {
      ...order,
      status: 'return requested',
      return_items: item_ids.toSorted(),
      return_payment_method_id: payment_method_id,
    }
    db.orders[order_id] = next
    return pythonJson(next)
  },
})
