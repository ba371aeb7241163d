/** Why a refund was refused before anything was written. */
export type RefundRefusal =
  | 'invalid_amount'
  | 'unknown_charge'
  | 'charge_not_settled'
  | 'amount_exceeds_charge'
  | 'charge_has_case'
  | 'key_reused'

/** The refund was refused, and no case was opened. The message says what was expected and what to do. */
export class RefundRefused extends Error {
  readonly code: RefundRefusal
  /** Nothing was written: the caller may say so without asking anybody. */
  readonly tookEffect = false

  constructor(code: RefundRefusal, message: string) {
    super(message)
    this.name = 'RefundRefused'
    this.code = code
  }
}
