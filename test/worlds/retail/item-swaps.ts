import { entryOf } from '../json.ts'
import type { Order, OrderItem, RetailDb, Variant } from './retail-db.ts'

/** One item of an order, by its place there, and the variant that is to take it. */
export type ItemSwap = { readonly index: number; readonly variant: Variant }

/** The swaps that a request asks for, or the "Error: ..." that says why there are none. */
export type ItemSwaps =
  | { readonly type: 'possible'; readonly swaps: readonly ItemSwap[]; readonly priceDifference: number }
  | { readonly type: 'impossible'; readonly error: string }

/** Old and new item ids, paired by position. */
export type SwapRequest = { readonly item_ids: readonly string[]; readonly new_item_ids: readonly string[] }

/**
 * Pairs items of the order with available variants of the same product. The price difference is what the new items cost
 * more, in dollars, summed pair by pair in the order asked and not rounded.
 */
export function itemSwaps(db: RetailDb, order: Order, request: SwapRequest): ItemSwaps {
  const { item_ids, new_item_ids } = request
  const found = placesOf(order, item_ids)
  if (found.missingItemId !== undefined) return impossible(`${found.missingItemId} not found`)
  if (item_ids.length !== new_item_ids.length) {
    return impossible('the number of items to be exchanged should match')
  }
  const swaps: ItemSwap[] = []
  let priceDifference = 0
  for (const [position, { index, item }] of found.places.entries()) {
    const newItemId = new_item_ids[position] ?? ''
    const variant = entryOf(entryOf(db.products, item.product_id)?.variants ?? {}, newItemId)
    if (!variant?.available) return impossible(`new item ${newItemId} not found or available`)
    swaps.push({ index, variant })
    priceDifference += variant.price - item.price
  }
  return { type: 'possible', swaps, priceDifference }
}

/** The place of each id among the order's items; an id that is asked twice takes two items. */
export function placesOf(order: Order, itemIds: readonly string[]): Places {
  const places: Place[] = []
  for (const itemId of itemIds) {
    const isFree = (item: OrderItem, at: number): boolean =>
      item.item_id === itemId && !places.some((taken) => taken.index === at)
    const index = order.items.findIndex(isFree)
    const item = order.items[index]
    if (item === undefined) return { places, missingItemId: itemId }
    places.push({ index, item })
  }
  return { places, missingItemId: undefined }
}

type Place = { readonly index: number; readonly item: OrderItem }
type Places = { readonly places: readonly Place[]; readonly missingItemId: string | undefined }

function impossible(problem: string): ItemSwaps {
  return { type: 'impossible', error: `Error: ${problem}` }
}
