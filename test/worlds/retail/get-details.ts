import { entryOf } from '../json.ts'
import { pythonJson } from './python-json.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** The whole record of an order, as JSON. */
export const getOrderDetails: RetailTool = retailTool({
  name: 'get_order_details',
  writes: false,
  fields: { order_id: 'text' },
  run: (db, { order_id }) => {
    const order = entryOf(db.orders, order_id)
    return order === undefined ? 'Error: order not found' : pythonJson(order)
  },
})

/**
 * The whole record of a product, as JSON. Its variants come in another order than in the file, because JavaScript puts
 * keys that are integers below 2^32 - 1 first.
 */
export const getProductDetails: RetailTool = retailTool({
  name: 'get_product_details',
  writes: false,
  fields: { product_id: 'text' },
  run: (db, { product_id }) => {
    const product = entryOf(db.products, product_id)
    return product === undefined ? 'Error: product not found' : pythonJson(product)
  },
})

/** The whole record of a user, as JSON. */
export const getUserDetails: RetailTool = retailTool({
  name: 'get_user_details',
  writes: false,
  fields: { user_id: 'text' },
  run: (db, { user_id }) => {
    const user = entryOf(db.users, user_id)
    return user === undefined ? 'Error: user not found' : pythonJson(user)
  },
})
