import { entryOf } from '../json.ts'
import { pythonJson } from './python-json.ts'
import type { Address, Order, User } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

const addressFields = {
  address1: 'text',
  address2: 'text',
  city: 'text',
  state: 'text',
  country: 'text',
  zip: 'text',
} as const

/** Gives a pending order another shipping address. */
export const modifyPendingOrderAddress: RetailTool = retailTool({
  name: 'modify_pending_order_address',
  writes: true,
  fields: { order_id: 'text', ...addressFields },
  run: (db, input) => {
    const order = entryOf(db.orders, input.order_id)
    if (order === undefined) return 'Error: order not found'
    if (order.status !== 'pending') return 'Error: non-pending order cannot be modified'
    const next: Order = { ...order, address: addressOf(input) }
    db.orders[input.order_id] = next
    return pythonJson(next)
  },
})

/** Gives a user another default address; orders keep theirs. */
export const modifyUserAddress: RetailTool = retailTool({
  name: 'modify_user_address',
  writes: true,
  fields: { user_id: 'text', ...addressFields },
  run: (db, input) => {
    const user = entryOf(db.users, input.user_id)
    if (user === undefined) return 'Error: user not found'
    const next: User = { ...user, address: addressOf(input) }
    db.users[input.user_id] = next
    return pythonJson(next)
  },
})

/** The address alone, with its keys in the recorded order. */
function addressOf({ address1, address2, city, state, country, zip }: Address): Address {
  return { address1, address2, city, state, country, zip }
}
