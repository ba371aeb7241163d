import { calculate } from './calculate.ts'
import { cancelPendingOrder } from './cancel-pending-order.ts'
import { exchangeDeliveredOrderItems } from './exchange-delivered-order-items.ts'
import { findUserIdByEmail, findUserIdByNameZip } from './find-user-id.ts'
import { getOrderDetails, getProductDetails, getUserDetails } from './get-details.ts'
import { listAllProductTypes } from './list-all-product-types.ts'
import { modifyPendingOrderAddress, modifyUserAddress } from './modify-address.ts'
import { modifyPendingOrderItems } from './modify-pending-order-items.ts'
import { modifyPendingOrderPayment } from './modify-pending-order-payment.ts'
import type { RetailTool } from './retail-tool.ts'
import { returnDeliveredOrderItems } from './return-delivered-order-items.ts'
import { think, transferToHumanAgents } from './think-and-transfer.ts'

/** The sixteen tools, in the order of retail.tools.json. */
export const retailTools: readonly RetailTool[] = [
  calculate,
  cancelPendingOrder,
  exchangeDeliveredOrderItems,
  findUserIdByEmail,
  findUserIdByNameZip,
  getOrderDetails,
  getProductDetails,
  getUserDetails,
  listAllProductTypes,
  modifyPendingOrderAddress,
  modifyPendingOrderItems,
  modifyPendingOrderPayment,
  modifyUserAddress,
  returnDeliveredOrderItems,
  think,
  transferToHumanAgents,
]
