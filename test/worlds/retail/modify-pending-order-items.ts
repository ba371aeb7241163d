import { entryOf } from '../json.ts'
import type { ItemSwap } from './item-swaps.ts'
import { itemSwaps } from './item-swaps.ts'
import { addToGiftCard, isShortOf, paymentMethodOf } from './payment-methods.ts'
import { pythonJson } from './python-json.ts'
import type { Order, OrderItem, Payment } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/**
 * Puts other variants into a pending order, once: its new status allows no further change. The price difference is paid
 * or refunded unrounded, as recorded ("33.25999999999999"), and a difference of zero leaves a refund of zero.
 */
export const modifyPendingOrderItems: RetailTool = retailTool({
  name: 'modify_pending_order_items',
  writes: true,
  fields: { order_id: 'text', item_ids: 'texts', new_item_ids: 'texts', payment_method_id: 'text' },
  run: (db, { order_id, item_ids, new_item_ids, payment_method_id }) => {
    const order = entryOf(db.orders, order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'pending') return 'Error: non-pending order cannot be modified'
    const change = itemSwaps(db, order, { item_ids, new_item_ids })
    if (change.type === 'impossible') return change.error
    const method = paymentMethodOf(db, order, payment_method_id)
    if (method === undefined) return 'Error: payment method not found'
    if (isShortOf(method, change.priceDifference)) {
      return 'Error: insufficient gift card balance to pay for the new item'
    }
    addToGiftCard(db, order.user_id, { methodId: method.id, amount: -change.priceDifference })
    const next: Order = {
      ...order,
      items: order.items.map((item, index) =>
        swapped(
          item,
          change.swaps.find((swap) => swap.index === index),
        ),
      ),
      status: 'pending (item modified)',
      payment_history: [...order.payment_history, settlement(change.priceDifference, payment_method_id)],
    }
    db.orders[order_id] = next
    return pythonJson(next)
  },
})

function swapped(item: OrderItem, swap: ItemSwap | undefined): OrderItem {
  if (swap === undefined) return item
  const { item_id, price, options } = swap.variant
  return { ...item, item_id, price, options }
}

function settlement(priceDifference: number, payment_method_id: string): Payment {
  const transaction_type = priceDifference > 0 ? 'payment' : 'refund'
  return { transaction_type, amount: Math.abs(priceDifference), payment_method_id }
}
