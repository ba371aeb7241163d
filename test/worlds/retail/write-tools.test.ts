import type { Json } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { loadRetail, type RetailWorld } from './load-retail.ts'
import { copyRetailDb, type Order, type RetailDb, type User } from './retail-db.ts'
import { retailTools } from './retail-tools.ts'

const retail = loadRetail()
const newAddress = {
  address1: '1 New Road',
  address2: '',
  city: 'Reno',
  country: 'USA',
  state: 'NV',
  zip: '89501',
}

describe.skipIf(retail === undefined)('tau-bench-retail, the tools that write', () => {
  test('real input: a user gets another default address and keeps all else, the orders theirs', () => {
    for (const [userId, user] of Object.entries(loaded().db.users).slice(0, 50)) {
      const db = copyRetailDb(loaded().db)
      const output = run(db, 'modify_user_address', { user_id: userId, ...newAddress })
      expect(parsed(output)).toEqual({ ...user, address: newAddress })
      expect(db.users[userId]).toEqual({ ...user, address: newAddress })
      expect({ ...db, users: { ...db.users, [userId]: user } }).toEqual(loaded().db)
    }
  })

  test('real input: an order is cancelled or modified only while it is pending', () => {
    for (const order of ordersWhere(({ status }) => status !== 'pending'))
      for (const [name, input] of pendingCalls(order))
        expect(refused(name, input)).toMatch(/^Error: non-pending order cannot be (cancelled|modified)$/)
  })

  test('real input: items are exchanged or returned only once the order is delivered', () => {
    for (const { order_id } of ordersWhere(({ status }) => status !== 'delivered')) {
      const input = { order_id, item_ids: [], new_item_ids: [], payment_method_id: '' }
      expect(refused('exchange_delivered_order_items', input)).toBe('Error: non-delivered order cannot be exchanged')
      expect(refused('return_delivered_order_items', input)).toBe('Error: non-delivered order cannot be returned')
    }
  })

  test('real input: a cancellation needs one of the two reasons', () => {
    for (const { order_id } of ordersWhere(({ status }) => status === 'pending').slice(0, 20))
      expect(refused('cancel_pending_order', { order_id, reason: 'too slow' })).toBe('Error: invalid reason')
  })

  test('real input: an item that the order holds twice is returned twice, not three times', () => {
    const doubled = ordersWhere((order) => order.status === 'delivered' && twiceHeld(order) !== undefined)
    expect(doubled.length).toBeGreaterThan(0)
    for (const order of doubled) {
      const itemId = twiceHeld(order) ?? ''
      const input = { order_id: order.order_id, payment_method_id: firstMethodOf(order) }
      const twice = run(copyRetailDb(loaded().db), 'return_delivered_order_items', {
        ...input,
        item_ids: [itemId, itemId],
      })
      expect(parsed(twice)['return_items']).toEqual([itemId, itemId])
      const thrice = refused('return_delivered_order_items', { ...input, item_ids: [itemId, itemId, itemId] })
      expect(thrice).toBe(`Error: ${itemId} not found`)
    }
  })

  test('real input: a new item must be of the same product, available, and one for each old one', () => {
    for (const order of ordersWhere(({ status }) => status === 'delivered').slice(0, 50)) {
      const [item] = order.items
      if (item === undefined) continue
      const variants = Object.values(loaded().db.products[item.product_id]?.variants ?? {})
      const alien = Object.keys(
        Object.values(loaded().db.products).find(({ product_id }) => product_id !== item.product_id)?.variants ?? {},
      )
      const soldOut = variants.filter(({ available }) => !available).map(({ item_id }) => item_id)
      const input = {
        order_id: order.order_id,
        item_ids: [item.item_id],
        payment_method_id: firstMethodOf(order),
      }
      for (const newItemId of [...alien, ...soldOut])
        expect(refused('exchange_delivered_order_items', { ...input, new_item_ids: [newItemId] })).toBe(
          `Error: new item ${newItemId} not found or available`,
        )
      expect(refused('exchange_delivered_order_items', { ...input, new_item_ids: [] })).toBe(
        'Error: the number of items to be exchanged should match',
      )
    }
  })

  test('real input: a refund for returned items goes to the original method or to a gift card', () => {
    for (const order of ordersWhere(({ status }) => status === 'delivered')) {
      const input = { order_id: order.order_id, item_ids: order.items.map(({ item_id }) => item_id) }
      for (const { id, source } of Object.values(userOf(order).payment_methods)) {
        const isAllowed = id === firstMethodOf(order) || source === 'gift_card'
        const output = run(copyRetailDb(loaded().db), 'return_delivered_order_items', {
          ...input,
          payment_method_id: id,
        })
        if (isAllowed) expect(parsed(output)['return_payment_method_id']).toBe(id)
        else expect(output).toBe('Error: payment method should be either the original payment method or a gift card')
      }
    }
  })

  test("real input: a payment is not moved to the method it was made with, nor to a stranger's", () => {
    const stranger = 'gift_card_0000000'
    for (const order of ordersWhere(({ status }) => status === 'pending').slice(0, 50)) {
      const { order_id } = order
      expect(refused('modify_pending_order_payment', { order_id, payment_method_id: firstMethodOf(order) })).toBe(
        'Error: the new payment method should be different from the current one',
      )
      expect(refused('modify_pending_order_payment', { order_id, payment_method_id: stranger })).toBe(
        'Error: payment method not found',
      )
    }
  })

  test('real input: after its payment was moved, a cancelled order is refunded to the new method alone', () => {
    const db = copyRetailDb(loaded().db)
    const moved = loaded()
      .tasks.flatMap(({ actions }) => actions)
      .filter(({ name, error }) => name === 'modify_pending_order_payment' && !error)
    for (const { arguments: input } of moved) run(db, 'modify_pending_order_payment', input)
    const orders = Object.values(db.orders).filter(isMoved)
    expect(orders.length).toBeGreaterThan(20)
    for (const { payment_history, order_id } of orders) {
      const [, payment] = payment_history
      const cancelled = parsed(run(db, 'cancel_pending_order', { order_id, reason: 'no longer needed' }))
      expect(cancelled['payment_history']).toEqual([...payment_history, { ...payment, transaction_type: 'refund' }])
    }
    expect(moved.length).toBe(28)
  })

  test('real input: the loaded state cannot be written to', () => {
    const [order] = ordersWhere(({ status }) => status === 'pending')
    const input = { order_id: order?.order_id ?? '', reason: 'no longer needed' }
    expect(() => run(loaded().db, 'cancel_pending_order', input)).toThrow(TypeError)
  })
})

function pendingCalls({ order_id }: Order): readonly (readonly [string, Json])[] {
  return [
    ['cancel_pending_order', { order_id, reason: 'no longer needed' }],
    ['modify_pending_order_address', { order_id, ...newAddress }],
    ['modify_pending_order_items', { order_id, item_ids: [], new_item_ids: [], payment_method_id: '' }],
    ['modify_pending_order_payment', { order_id, payment_method_id: '' }],
  ]
}

/** Calls on the loaded state, which is frozen: a refusal that wrote would throw. */
function refused(name: string, input: Json): string {
  return run(loaded().db, name, input)
}

function run(db: RetailDb, name: string, input: Json): string {
  const tool = retailTools.find((candidate) => candidate.name === name)
  if (tool === undefined) throw new Error(`expected the tool ${name}, found none`)
  return tool.run(db, input)
}

function parsed(output: string): Readonly<Record<string, Json>> {
  return JSON.parse(output)
}

function ordersWhere(isMeant: (order: Order) => boolean): readonly Order[] {
  return Object.values(loaded().db.orders).filter(isMeant)
}

function twiceHeld({ items }: Order): string | undefined {
  return items.find(({ item_id }, index) => items.slice(index + 1).some((later) => later.item_id === item_id))?.item_id
}

function isMoved({ status, payment_history }: Order): boolean {
  return status === 'pending' && payment_history.length === 3
}

function firstMethodOf({ payment_history }: Order): string {
  return payment_history[0]?.payment_method_id ?? ''
}

function userOf({ user_id }: Order): User {
  const user = loaded().db.users[user_id]
  if (user === undefined) throw new Error(`expected the user ${user_id}, found none`)
  return user
}

function loaded(): RetailWorld {
  if (retail === undefined) throw new Error('expected the folder tau-bench-retail, found none')
  return retail
}
