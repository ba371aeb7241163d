import { entryOf } from '../json.ts'
import type { Order, PaymentMethod, RetailDb } from './retail-db.ts'
import { roundCents } from './round-cents.ts'

/** A payment method of the user who placed the order; `undefined` where that user has none of this id. */
export function paymentMethodOf(db: RetailDb, order: Order, paymentMethodId: string): PaymentMethod | undefined {
  const user = entryOf(db.users, order.user_id)
  return user === undefined ? undefined : entryOf(user.payment_methods, paymentMethodId)
}

/** True where the method is a gift card that holds less than `amount` dollars; other methods cover everything. */
export function isShortOf(method: PaymentMethod, amount: number): boolean {
  return method.source === 'gift_card' && method.balance < amount
}

/** Moves the balance of one of the user's gift cards by `amount` dollars; other methods settle outside this world. */
export function addToGiftCard(db: RetailDb, userId: string, change: { methodId: string; amount: number }): void {
  const user = entryOf(db.users, userId)
  const card = user === undefined ? undefined : entryOf(user.payment_methods, change.methodId)
  if (user === undefined || card?.source !== 'gift_card') return
  const changed = { ...card, balance: roundCents(card.balance + change.amount) }
  db.users[userId] = { ...user, payment_methods: { ...user.payment_methods, [card.id]: changed } }
}
