/** A postal address, with its keys in the order in which the database writes them. */
export type Address = {
  readonly address1: string
  readonly address2: string
  readonly city: string
  readonly country: string
  readonly state: string
  readonly zip: string
}

/** The choices that tell the variants of a product apart, such as `{color: 'blue'}`. */
export type Options = Readonly<Record<string, string>>

/** One item of an order. `price` is in dollars, a float, as everywhere in this world. */
export type OrderItem = {
  readonly name: string
  readonly product_id: string
  readonly item_id: string
  readonly price: number
  readonly options: Options
}

/** One movement of money of an order; `amount` is in dollars and never negative. */
export type Payment = {
  readonly transaction_type: 'payment' | 'refund'
  readonly amount: number
  readonly payment_method_id: string
}

/** An order; the optional fields are those which cancel, exchange and return add to the recorded ones. */
export type Order = {
  readonly order_id: string
  readonly user_id: string
  readonly address: Address
  readonly items: readonly OrderItem[]
  readonly fulfillments: readonly {
    readonly tracking_id: readonly string[]
    readonly item_ids: readonly string[]
  }[]
  readonly status: string
  readonly payment_history: readonly Payment[]
  readonly cancel_reason?: string
  readonly exchange_items?: readonly string[]
  readonly exchange_new_items?: readonly string[]
  readonly exchange_payment_method_id?: string
  readonly exchange_price_difference?: number
  readonly return_items?: readonly string[]
  readonly return_payment_method_id?: string
}

/** One sellable item of a product. */
export type Variant = {
  readonly item_id: string
  readonly options: Options
  readonly available: boolean
  readonly price: number
}

/** A product and its variants by item id. */
export type Product = {
  readonly name: string
  readonly product_id: string
  readonly variants: Readonly<Record<string, Variant>>
}

/** A user's means of payment; a gift card's `balance` is in dollars. */
export type PaymentMethod =
  | { readonly source: 'gift_card'; readonly balance: number; readonly id: string }
  | {
      readonly source: 'credit_card'
      readonly brand: string
      readonly last_four: string
      readonly id: string
    }
  | { readonly source: 'paypal'; readonly id: string }

/** A customer; `payment_methods` are by id, `orders` are order ids. */
export type User = {
  readonly name: { readonly first_name: string; readonly last_name: string }
  readonly address: Address
  readonly email: string
  readonly payment_methods: Readonly<Record<string, PaymentMethod>>
  readonly orders: readonly string[]
}

/**
 * The state of the retail world. Tables change, records never do: a write puts a new record under the old id. So a copy
 * is three shallow ones, and `stateSha256` may remember a record's text for as long as the record lives.
 */
export type RetailDb = {
  readonly orders: Record<string, Order>
  readonly products: Record<string, Product>
  readonly users: Record<string, User>
}

/** A state that may be written to without touching the one it was copied from. */
export function copyRetailDb(db: RetailDb): RetailDb {
  return { orders: { ...db.orders }, products: { ...db.products }, users: { ...db.users } }
}
