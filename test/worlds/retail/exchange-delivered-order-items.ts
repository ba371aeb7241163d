import { entryOf } from '../json.ts'
import { itemSwaps } from './item-swaps.ts'
import { isShortOf, paymentMethodOf } from './payment-methods.ts'
import { pythonJson } from './python-json.ts'
import type { Order } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'
import { roundCents } from './round-cents.ts'

/**
 * Requests an exchange on a delivered order; items and money stay as they are until the goods are back. The two recorded
 * id lists are each sorted, so that they no longer pair by position.
 */
export const exchangeDeliveredOrderItems: RetailTool = retailTool({
  name: 'exchange_delivered_order_items',
  writes: true,
  fields: { order_id: 'text', item_ids: 'texts', new_item_ids: 'texts', payment_method_id: 'text' },
  run: (db, { order_id, item_ids, new_item_ids, payment_method_id }) => {
    const order = entryOf(db.orders, order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'delivered') return 'Error: non-delivered order cannot be exchanged'
    const exchange = itemSwaps(db, order, { item_ids, new_item_ids })
    if (exchange.type === 'impossible') return exchange.error
    const method = paymentMethodOf(db, order, payment_method_id)
    if (method === undefined) return 'Error: payment method not found'
    const priceDifference = roundCents(exchange.priceDifference)
    if (isShortOf(method, priceDifference)) {
      return 'Error: insufficient gift card balance to pay for the price difference'
    }
    const next: Order = {
      ...order,
      status: 'exchange requested',
      exchange_items: item_ids.toSorted(),
      exchange_new_items: new_item_ids.toSorted(),
      exchange_payment_method_id: payment_method_id,
      exchange_price_difference: priceDifference,
    }
    db.orders[order_id] = next
    return pythonJson(next)
  },
})
